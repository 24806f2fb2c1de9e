"""The one picture of an announcement: asked for in its form or sent to the bot, and shown with words for what it is.

A surface whose forms take no files has it sent to the bot's own conversation; there it waits until its sender says
which draft it is for.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.announcements.life import own_draft, words_of
from bot.announcements.wording import alt_fields, alt_key
from bot.context import Context, Handlers, PersonContext, known
from bot.errors import BadInput, Refused, Stale
from bot.events import Event, Reply, whisper
from bot.forms import YES, Form, FormPart, PictureField, TickField, read
from bot.messages import Button, Buttons, Message, Picture, Style, Target, Words
from bot.texts import Text, Voice, text
from storage.announcements import Draft, Wording, drafts_of, store_draft, wordings_of
from storage.images import add_image, drop_image, find_image, settle_waiting_images, waiting_image
from storage.tables import Announcement

# The key of the form's field, and of a picture that was sent to the bot by itself.
FIELD = "picture"
SENT = "sent"
REMOVE = "no_picture"
# Where pictures are served: the workspace's row, and the picture's name, follow.
PATH = "/images"

# What the sender of a picture can press and send.
PUT = "image.put"
DESCRIBED = "image.described"
OFFERED = 5

_DESCRIBE = text("Please say in a few words what the picture shows, for whoever cannot see it.")
_NONE_WAITS = text("There is no picture any more that waits for its place. Please send it again.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {PUT: put, DESCRIBED: described}


async def shown_picture(ctx: Context, announcement: Announcement, alt: str) -> list[Picture]:
    """Return the picture that an announcement shows, if it has one."""
    image = await find_image(ctx.session, ctx.workspace_id, announcement.image_id)
    if image is None:
        return []
    path = f"{PATH}/{ctx.workspace_id}/{image.name}"
    known_as = "" if image.known_as is None else str(image.known_as.get("id", ""))
    return [Picture(image.id, path, alt, image.width, image.height, known_as)]


async def picture_fields(
    ctx: Context, announcement: Announcement, wordings: Mapping[str, Wording]
) -> tuple[FormPart, ...]:
    """Return the form's fields: the picture that is there, a way to choose one, its words in the author's language."""
    say = ctx.say
    shown = await shown_picture(ctx, announcement, wordings.get(announcement.language, Wording()).alt)
    there: list[FormPart] = [*shown, *([TickField(REMOVE, say("Take this picture away"))] if shown else [])]
    choose = PictureField(
        FIELD,
        say("Another picture") if shown else say("A picture"),
        say("PNG, JPEG, GIF or WebP, at most 5 MB. Where it was taken, and all else that is hidden in it, is removed."),
    )
    # What it shows in the other language is asked for beside the other words in that.
    return (*there, choose, alt_fields(announcement, wordings, say)[0])


def checked_picture(
    announcement: Announcement, form: Form, event: Event, given: Mapping[str, str], wordings: Mapping[str, Wording]
) -> None:
    """Look at what was chosen, before anything is stored.

    Raises BadInput for a file that is no picture, and for a picture without words for what it shows.
    """
    upload = event.files.get(FIELD)
    if upload is not None and upload.problem is not None:
        raise BadInput({FIELD: upload.problem}, form.holding(event.values))
    is_kept = announcement.image_id is not None and given.get(REMOVE) != YES
    if upload is None and not is_kept:
        return
    missing = {alt_key(language, announcement): _DESCRIBE for language, words in wordings.items() if not words.alt}
    if missing:
        raise BadInput(missing, form.holding(event.values))


async def stored_picture(
    ctx: PersonContext, announcement: Announcement, event: Event, given: Mapping[str, str]
) -> int | None:
    """Store what was chosen; returns the row id of the picture that the announcement now has."""
    upload = event.files.get(FIELD)
    if upload is not None and upload.drawn is not None:
        return await add_image(ctx.session, ctx.workspace_id, upload.drawn, now=ctx.now)
    return None if given.get(REMOVE) == YES else announcement.image_id


async def sent_picture(ctx: PersonContext, event: Event) -> Reply:
    """Keep a picture that was sent to the bot, and ask which draft it is for."""
    upload = event.files[SENT]
    if upload.drawn is None:
        raise Refused(upload.problem or _NONE_WAITS)
    drafts = [
        (draft, words)
        for draft in await drafts_of(ctx.session, ctx.workspace_id, ctx.member_id)
        if (words := await words_of(ctx, draft)).text
    ]
    if not drafts:
        raise Refused(
            text(
                "There is no draft that this picture could be for. Begin one with {/announce}, save it, and send the"
                " picture again."
            )
        )
    await settle_waiting_images(ctx.session, ctx.workspace_id, ctx.member_id, None)
    await add_image(ctx.session, ctx.workspace_id, upload.drawn, now=ctx.now, waiting_for_id=ctx.member_id)
    sentence = ctx.say("Which announcement is this picture for?")
    offers = tuple(
        Button(
            ctx.say("“{title}”", title=words.title),
            PUT,
            Target(known(draft.id), draft.version),
            Style.PRIMARY if number == 0 else Style.PLAIN,
            opens_form=True,
        )
        for number, (draft, words) in enumerate(drafts[:OFFERED])
    )
    return Reply(whisper=Message(sentence, (Words(sentence), Buttons(offers))))


async def put(ctx: PersonContext, event: Event) -> Reply:
    """Ask what the picture shows, for the draft that was chosen."""
    draft, _ = await _waiting(ctx, event)
    return Reply(form=await _describe_form(ctx, draft))


async def described(ctx: PersonContext, event: Event) -> Reply:
    """Put the picture that waits on the draft, with the words for what it shows."""
    draft, image_id = await _waiting(ctx, event)
    form = await _describe_form(ctx, draft)
    given = read(form, event.values)
    before = await wordings_of(ctx.session, ctx.workspace_id, draft)
    wordings = {
        language: replace(words, alt=given.get(alt_key(language, draft), words.alt))
        for language, words in before.items()
    }
    missing: dict[str, Text] = {
        alt_key(language, draft): _DESCRIBE for language, words in wordings.items() if not words.alt
    }
    if missing:
        raise BadInput(missing, form.holding(event.values))
    older = draft.image_id
    content = replace(Draft.of(draft, wordings), image_id=image_id)
    if not await store_draft(ctx.session, ctx.workspace_id, draft, content, is_revised=True):
        raise Stale(_NONE_WAITS)
    await settle_waiting_images(ctx.session, ctx.workspace_id, ctx.member_id, image_id)
    if older is not None:
        await drop_image(ctx.session, ctx.workspace_id, older)
    title = (await words_of(ctx, draft)).title
    sentence = ctx.say("The picture is in “{title}”. Its card, or {/announce}, leads on.", title=title)
    return Reply(close=True, whisper=whisper(sentence).whisper)


async def _waiting(ctx: PersonContext, event: Event) -> tuple[Announcement, int]:
    draft = await own_draft(ctx, event)
    image = await waiting_image(ctx.session, ctx.workspace_id, ctx.member_id)
    if image is None:
        raise Refused(_NONE_WAITS)
    return draft, image.id


async def _describe_form(ctx: PersonContext, draft: Announcement) -> Form:
    say: Voice = ctx.say
    wordings = await wordings_of(ctx.session, ctx.workspace_id, draft)
    fields = [field for field in alt_fields(draft, wordings, say) if field.key in _asked(draft, wordings)]
    return Form(
        DESCRIBED,
        Target(known(draft.id), draft.version),
        say("What does it show?"),
        tuple(fields),
        say("Save"),
        say("Cancel"),
    )


def _asked(draft: Announcement, wordings: Mapping[str, Wording]) -> set[str]:
    return {alt_key(language, draft) for language in wordings}
