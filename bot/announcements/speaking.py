"""In whose name an announcement speaks: what its form asks about that, and what holds it back until they approve it.

Of bot/behalf, which is built on the announcements, this knows only what its messages and its question are called.
"""

from collections.abc import Mapping

from bot.announcements.choices import DRAFT
from bot.announcements.life import named
from bot.context import Context, PersonContext, known
from bot.errors import BadInput, Refused
from bot.forms import Form, PersonField, read
from bot.organisation.naming import chosen_person
from bot.texts import Voice, text
from storage.announcements import Wording
from storage.behalf import (
    add_behalf_request,
    approval_of,
    behalf_requests_of,
    open_behalf_request,
    settle_behalf_request,
)
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.people import get_member
from storage.tables import Announcement, BehalfState, Member, MemberState

# The messages of bot/behalf that show how a request stands: their subject is the request.
CARD = "behalf.card"
WAITING = "behalf.waiting"
ANSWERED = "behalf.answered"
# The button under a draft that puts it to the person it is written for, and what a writer can tick beside it.
ASK_SPEAKER = "behalf.ask"
GOES_OUT_ITSELF = "goes_out_itself"

FIELD = "on_behalf_of"


async def speaker_field(ctx: Context, announcement: Announcement, say: Voice) -> PersonField:
    """Return the form's field for the person on whose behalf it is written."""
    speaker = await speaker_of(ctx, announcement)
    return PersonField(
        FIELD,
        say("On whose behalf?"),
        "" if speaker is None else speaker.external_id,
        say(
            "Leave it empty, or choose yourself, to write in your own name. Anybody else approves it before it goes"
            " out. It stays yours to edit; replies, and how it reaches people, go to you, and both of you can withdraw"
            " it."
        ),
    )


async def read_speaker(ctx: PersonContext, form: Form, values: Mapping[str, str]) -> int | None:
    """Read on whose behalf it is written; None in the writer's own name.

    Raises BadInput for somebody who is not of the organisation, or not known to be.
    """
    given = read(form, values)[FIELD]
    if not given:
        return None
    speaker = await chosen_person(ctx, form, values, given, key=FIELD)
    if speaker.state == MemberState.STUB:
        sentence = text("I do not know this person yet. Please try again in a moment, or choose somebody else.")
        raise BadInput({FIELD: sentence}, form.holding(values))
    return None if speaker.id == ctx.member_id else speaker.id


async def speaker_of(ctx: Context, announcement: Announcement) -> Member | None:
    """Return the person on whose behalf it is written; None where its author speaks for themself."""
    if announcement.behalf_of_id is None:
        return None
    return await get_member(ctx.session, ctx.workspace_id, announcement.behalf_of_id)


async def is_approved(ctx: Context, draft: Announcement) -> bool:
    """Whether nobody's yes is missing to what a draft says now."""
    return draft.behalf_of_id is None or await approval_of(ctx.session, ctx.workspace_id, draft) is not None


async def approved_or_refuse(ctx: Context, draft: Announcement) -> None:
    """Refuse to go on with what speaks for somebody who has not approved it as it stands, or who has left."""
    speaker = await speaker_of(ctx, draft)
    if speaker is None:
        return
    if speaker.state == MemberState.LEFT:
        raise Refused(
            text(
                "{name} is not in the organisation any more, so nothing new goes out in their name. Please choose"
                " somebody else, or write in your own name.",
                name=await named(ctx, draft.behalf_of_id),
            )
        )
    if not await is_approved(ctx, draft):
        raise Refused(
            text(
                "{name} has not approved it as it stands, so it does not go out in their name yet.",
                name=await named(ctx, draft.behalf_of_id),
            )
        )


async def put_to_speaker(
    ctx: Context,
    announcement: Announcement,
    wordings: Mapping[str, Wording],
    *,
    is_edit: bool = False,
    goes_out_itself: bool = False,
) -> None:
    """Ask the person on whose behalf it is written whether these words may go out in their name; its writer has a card.

    What they were asked before is asked no more.

    Raises Refused when they have left.
    """
    speaker = await speaker_of(ctx, announcement)
    if speaker is None or speaker.state == MemberState.LEFT:
        raise Refused(
            text(
                "{name} is not in the organisation any more, so nobody can approve new words in their name.",
                name=await named(ctx, announcement.behalf_of_id),
            )
        )
    await take_back(ctx, announcement)
    request_id = await add_behalf_request(
        ctx.session,
        ctx.workspace_id,
        announcement,
        wordings,
        is_edit=is_edit,
        goes_out_itself=goes_out_itself,
        now=ctx.now,
    )
    for message, member_id, urgency in (
        (CARD, known(speaker.id), Urgency.WORK_CARD),
        (WAITING, announcement.author_id, Urgency.ANSWER),
    ):
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            member_id,
            message,
            request_id,
            now=ctx.now,
            urgency=urgency,
            once=f"{message}:{request_id}",
            resend_if_unknown=True,
        )


async def take_back(ctx: Context, announcement: Announcement) -> None:
    """Let nobody be asked about an announcement any more."""
    request = await open_behalf_request(ctx.session, ctx.workspace_id, known(announcement.id))
    if request is not None:
        await settle_behalf_request(ctx.session, ctx.workspace_id, request.id, BehalfState.TAKEN_BACK, ctx.now)
    await refresh_behalf(ctx, announcement)


async def refresh_behalf(ctx: Context, announcement: Announcement) -> None:
    """Have every card about speaking for somebody in this announcement, and its draft's, show what is true now."""
    await refresh_posted(ctx.session, ctx.workspace_id, DRAFT, known(announcement.id), now=ctx.now)
    for request in await behalf_requests_of(ctx.session, ctx.workspace_id, known(announcement.id)):
        for message in (CARD, WAITING, ANSWERED):
            await refresh_posted(ctx.session, ctx.workspace_id, message, known(request.id), now=ctx.now)
