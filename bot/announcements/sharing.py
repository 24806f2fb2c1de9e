"""What an author takes away from the picture: its counts as a file, and the names of who has confirmed.

Counts tell about nobody from five people on. Names are there only where the post has told its readers that their
author sees them; whoever is named finds in their own log who has looked.
"""

from bot.announcements.life import own_announcement, words_of
from bot.announcements.picture import (
    COUNTS,
    FEWEST_COUNTED,
    NAMES,
    Picture,
    Situation,
    label_of,
    note_on,
    picture_of,
)
from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, File, Reply
from bot.messages import Heading, Message, Part, Tone, Words
from bot.names import shown_name
from bot.spreadsheet import as_csv
from bot.texts import text
from storage.announcements import VISIBLE
from storage.nudging import log_looks
from storage.recipients import confirmed_by, count_recipients
from storage.tables import Announcement

# So many names are shown at once.
MOST_NAMES = 500

_TOO_FEW = text("It is for fewer than five people, so that numbers and names would tell about each of them.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {COUNTS: counts, NAMES: names}


async def counts(ctx: PersonContext, event: Event) -> Reply:
    """Give the author the picture's numbers as a file."""
    announcement = await own_announcement(ctx, event)
    picture = await _picture(ctx, announcement)
    say = ctx.say
    title = (await words_of(ctx, announcement)).title
    rows = [
        (label_of(announcement, situation, say), count, note_on(picture, situation, say) if count else "")
        for situation in Situation
        for count in [picture.counts[situation]]
    ]
    whole = (say("Audience"), picture.audience, say("as it stood {moment}", moment=ctx.now))
    table = as_csv((say("Part"), say("People"), say("Why")), [*rows, whole])
    said = say("How “{title}” is reaching people, in numbers", title=title)
    beside = Message(said, (Words(said),))
    return Reply(file=File(f"announcement-{announcement.id}.csv", table.encode(), beside))


async def names(ctx: PersonContext, event: Event) -> Reply:
    """Tell the author who has confirmed; each of them can see that they have looked."""
    announcement = await own_announcement(ctx, event)
    if not announcement.confirm or announcement.state not in VISIBLE:
        raise Refused(text("Nobody was told that their name is shown, so it is not."))
    picture = await _picture(ctx, announcement)
    found = await confirmed_by(ctx.session, ctx.workspace_id, known(announcement.id), limit=MOST_NAMES)
    await log_looks(
        ctx.session,
        ctx.workspace_id,
        [known(member.id) for member in found.members],
        by_member_id=ctx.member_id,
        what=NAMES,
        now=ctx.now,
    )
    say = ctx.say
    heading = say(
        "{count} of {audience} have confirmed “{title}”",
        count=found.count,
        audience=picture.audience,
        title=(await words_of(ctx, announcement)).title,
    )
    parts: list[Part] = [Heading(heading)]
    if found.members:
        parts.append(Words(say.listing([shown_name(member) for member in found.members])))
    more = found.count - len(found.members)
    if more:
        parts.append(Words(say.many("And {count} more.", "And {count} more.", more)))
    told = say("The post told them that you see this, and each of them can see that you have looked.")
    parts.append(Words(told, Tone.QUIET))
    return Reply(whisper=Message(heading, tuple(parts)))


async def _picture(ctx: PersonContext, announcement: Announcement) -> Picture:
    """Return the picture. Raises Refused for an audience so small that it would tell about persons."""
    picture = picture_of(await count_recipients(ctx.session, ctx.workspace_id, known(announcement.id)))
    if picture.audience < FEWEST_COUNTED:
        raise Refused(_TOO_FEW)
    return picture
