"""The author's picture: a private card that says how an announcement has reached its audience, in counts.

Its parts always sum to the audience; of several causes the first wins, and *read* wins always.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.announcements.audience import audience_in_words, knows_only_rosters
from bot.announcements.choices import author_choices, make_it_the_decision
from bot.announcements.home_post import link_to_post
from bot.announcements.life import words_of
from bot.announcements.posts import COPY, withdrawn_line
from bot.announcements.relations import relation_parts
from bot.context import Context, known
from bot.messages import Button, Buttons, Heading, Message, Part, Share, Shares, Target, Tone, Words
from bot.reasons import kept_reason, reason_of
from bot.texts import Text, Voice, text
from storage.announcements import VISIBLE, find_announcement
from storage.decision_log import find_logged
from storage.fan_out import given_up
from storage.questions import count_views
from storage.recipients import RecipientCount, count_recipients
from storage.tables import (
    Announcement,
    AnnouncementState,
    AudienceKind,
    DecisionStatus,
    Delivery,
    Operation,
    Outbox,
)

PICTURE = "announcement.picture"
# What its author can press; nudges/remind_now.py answers, since a reminder is paid from the contact budget.
REMIND_NOW = "announcement.remind_now"

# What its author takes away; bot/announcements/sharing.py answers.
COUNTS = "announcement.counts"
NAMES = "announcement.names"

# Below this many people a count would tell about persons (PRODUCT chapter 1, "The picture").
FEWEST_COUNTED = 5


class Situation(StrEnum):
    """The parts of the picture, in the order they are shown."""

    READ = "read"
    NOT_YET = "not_yet"
    FAILED = "failed"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Picture:
    """How many recipients are in each situation, with the kept reasons of those that could not be reached."""

    counts: Counter[Situation]
    reasons: dict[Situation, list[str]]
    on_their_way: int

    @property
    def audience(self) -> int:
        """The whole that the parts sum to."""
        return self.counts.total()


def situation_of(row: RecipientCount) -> Situation:
    """Return which part of the picture a recipient belongs to: read always wins, then having left."""
    if row.has_read:
        return Situation.READ
    if row.has_left:
        return Situation.LEFT
    match row.delivery:
        case Delivery.BY_POST | Delivery.WAITING | Delivery.SENT:
            return Situation.NOT_YET
        case Delivery.FAILED:
            return Situation.FAILED
        case Delivery.BLOCKED:
            return Situation.BLOCKED
        case Delivery.UNREACHABLE:
            return Situation.UNREACHABLE
        case Delivery.UNKNOWN:
            return Situation.UNKNOWN


def picture_of(rows: Sequence[RecipientCount]) -> Picture:
    """Put the recipients, counted by situation, together."""
    counts: Counter[Situation] = Counter()
    reasons: dict[Situation, list[str]] = {}
    on_their_way = 0
    for row in rows:
        situation = situation_of(row)
        counts[situation] += row.count
        reason = row.reason
        if not reason and situation is Situation.UNREACHABLE:
            reason = kept_reason(NOT_SEEN_YET)
        if reason and situation not in (Situation.READ, Situation.LEFT):
            reasons.setdefault(situation, []).append(reason)
        if situation is Situation.NOT_YET and row.delivery is Delivery.WAITING:
            on_their_way += row.count
    return Picture(counts, reasons, on_their_way)


# Of people whom nothing was tried for.
NOT_SEEN_YET = text("in the list of people, and not seen in the chat yet")

_LABELS: dict[Situation, Text] = {
    Situation.READ: text("Read"),
    Situation.NOT_YET: text("Not yet"),
    Situation.FAILED: text("Failed"),
    Situation.BLOCKED: text("Blocked"),
    Situation.UNREACHABLE: text("Unreachable"),
    Situation.UNKNOWN: text("Unknown"),
    Situation.LEFT: text("Left"),
}


async def compose_picture(ctx: Context, row: Outbox) -> Message | None:
    """Make the author's card as it stands now."""
    announcement = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    if announcement is None:
        return None
    picture = picture_of(await count_recipients(ctx.session, ctx.workspace_id, row.subject_id))
    title = (await words_of(ctx, announcement)).title
    parts: list[Part] = [
        Heading(ctx.say("How “{title}” is reaching people", title=title)),
        Words(ctx.say("For {audience}.", audience=await audience_in_words(ctx, announcement)), Tone.QUIET),
        *_counts(announcement, picture, ctx),
    ]
    if announcement.home_gone_at is not None:
        told = ctx.say(
            "Somebody has deleted its post by hand. {/news} still has it, and questions now come to you alone."
        )
        parts.insert(2, Words(told, Tone.STRONG))
    failure = reason_of(announcement.home_failure)
    if failure is not None:
        told = ctx.say(
            "Its post could not be put up, so everybody it is for gets a direct message instead. {reason}",
            reason=failure,
        )
        parts.insert(2, Words(told, Tone.STRONG))
    parts.extend(await _given_up(ctx, announcement))
    if announcement.state == AnnouncementState.WITHDRAWN:
        parts.insert(1, Words(await withdrawn_line(ctx, announcement), Tone.STRONG))
    if announcement.state == AnnouncementState.PUBLISHING:
        parts.append(Words(ctx.say("It is still on its way out, so the numbers are growing."), Tone.QUIET))
    parts.extend(await link_to_post(ctx, known(announcement.id), ctx.say("Open the post")))
    buttons = _buttons(announcement, picture, ctx.say)
    if buttons:
        parts.append(Buttons(buttons))
    parts.extend(await _of_proposal(ctx, announcement, picture))
    parts.append(author_choices(announcement, ctx.say))
    parts.append(Words(ctx.say("Only you see this. It is updated at most once a minute."), Tone.QUIET))
    return Message(_summary(title, picture, ctx.say), tuple(parts))


def _buttons(announcement: Announcement, picture: Picture, say: Voice) -> tuple[Button, ...]:
    """Return what the numbers lead on to."""
    target = Target(known(announcement.id), announcement.revision)
    asks = announcement.confirm and announcement.state in VISIBLE
    found: list[Button] = []
    if asks and picture.counts[Situation.NOT_YET]:
        found.append(Button(say("Remind now"), REMIND_NOW, target))
    if picture.audience >= FEWEST_COUNTED:
        if asks:
            found.append(Button(say("Names"), NAMES, target))
        found.append(Button(say("Counts as CSV"), COUNTS, target))
    return tuple(found)


async def _of_proposal(ctx: Context, announcement: Announcement, picture: Picture) -> list[Part]:
    """Return how many views an open proposal has and what it leads on to, or where one stands that is none any more."""
    if not announcement.is_proposal or announcement.state not in VISIBLE:
        return []
    logged = await find_logged(ctx.session, ctx.workspace_id, None, known(announcement.id))
    if logged is None or logged.status is not DecisionStatus.PROPOSED:
        return await relation_parts(ctx, announcement)
    parts: list[Part] = []
    count = await count_views(ctx.session, ctx.workspace_id, known(announcement.id))
    if count and picture.audience >= FEWEST_COUNTED:
        heard = ctx.say.many(
            "{count} person has given a view so far, in its thread or to you.",
            "{count} people have given their views so far, in its thread or to you.",
            count,
        )
        parts.append(Words(heard, Tone.STRONG))
    parts.append(Words(ctx.say("Views are welcome in its thread. When you have heard enough, make it the decision.")))
    return [*parts, Buttons((make_it_the_decision(announcement, ctx.say),))]


async def _given_up(ctx: Context, announcement: Announcement) -> list[Part]:
    """Return what could not be brought to everybody, and why."""
    parts: list[Part] = []
    for fan_out in await given_up(ctx.session, ctx.workspace_id, COPY, known(announcement.id)):
        why = reason_of(fan_out.reason)
        sentence = (
            ctx.say("Some copies still say what they said before it was changed. {why}", why=why)
            if fan_out.operation == Operation.EDIT
            else ctx.say(
                "It has not gone to everybody it is for: those counted here are all that it reached. {why}", why=why
            )
        )
        parts.append(Words(sentence, Tone.STRONG))
    return parts


def _counts(announcement: Announcement, picture: Picture, ctx: Context) -> list[Part]:
    say = ctx.say
    if picture.audience < FEWEST_COUNTED:
        has_readers = picture.counts[Situation.READ] > 0
        return [Words(say("Read by some.") if has_readers else say("No sign of reading yet."))]
    shares = [
        Share(label_of(announcement, situation, say), picture.counts[situation], note_on(picture, situation, say))
        for situation in Situation
        if picture.counts[situation] or situation in (Situation.READ, Situation.NOT_YET)
    ]
    if announcement.audience_kind == AudienceKind.EVERYONE and knows_only_rosters(ctx.workspace):
        whole = say.many("the {count} person Samlas knows", "the {count} people Samlas knows", picture.audience)
    else:
        whole = say.many("{count} person", "{count} people", picture.audience)
    return [Shares(say("Audience: {whole}", whole=whole), tuple(shares))]


def label_of(announcement: Announcement, situation: Situation, say: Voice) -> str:
    """Return what a part of the picture is called."""
    if situation is Situation.NOT_YET and not announcement.confirm:
        # Nobody was asked to confirm, so nothing is overdue.
        return say("No sign yet")
    return say.say(_LABELS[situation])


def note_on(picture: Picture, situation: Situation, say: Voice) -> str:
    """Return why people are in a part of the picture, empty where there is nothing to say."""
    match situation:
        case Situation.READ:
            return say("pressed, asked, replied or reacted")
        case Situation.NOT_YET if picture.on_their_way:
            on_their_way = say.many(
                "{count} copy is on its way", "{count} copies are on their way", picture.on_their_way
            )
            return "; ".join([on_their_way, *_reasons(picture, situation, say)])
        case Situation.LEFT:
            return say("not in the organisation any more")
        case _:
            return "; ".join(_reasons(picture, situation, say))


def _reasons(picture: Picture, situation: Situation, say: Voice) -> list[str]:
    reasons = [reason_of(kept) for kept in dict.fromkeys(picture.reasons.get(situation, []))]
    return [say.say(reason) for reason in reasons if reason is not None]


def _summary(title: str, picture: Picture, say: Voice) -> str:
    if picture.audience < FEWEST_COUNTED:
        return say("How “{title}” is reaching people", title=title)
    return say(
        "“{title}”: read by {read} of {audience}",
        title=title,
        read=picture.counts[Situation.READ],
        audience=picture.audience,
    )
