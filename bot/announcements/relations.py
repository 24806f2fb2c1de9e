"""How decisions stand to each other: which can be replaced, what replaces what, and what does not stand any more."""

from collections.abc import Sequence

from bot.announcements.home_post import link_to_post
from bot.announcements.life import words_of
from bot.context import Context, PersonContext, known
from bot.forms import Option
from bot.messages import Part, Tone, Words
from storage.decision_log import announcement_of_decision, decision_log, replacement_of
from storage.decisions import find_decision
from storage.tables import Announcement, AudienceKind, DecisionStatus

# As many as a platform's list of options has room for, with what else stands in it.
MOST_EARLIER = 50


async def earlier_decisions(ctx: PersonContext) -> Sequence[Option]:
    """Return the latest decisions and proposals that an author sees and that stand, by the decision's row id."""
    logged = await decision_log(
        ctx.session,
        ctx.workspace_id,
        ctx.member,
        statuses=(DecisionStatus.DECIDED, DecisionStatus.PROPOSED),
        limit=MOST_EARLIER,
    )
    return [Option(str(one.decision.id), await called(ctx, one.announcement)) for one in logged]


async def called(ctx: Context, announcement: Announcement) -> str:
    """Return what a decision is called among others: its title and its day."""
    day = ctx.say.day_of(announcement.published_at or announcement.created_at)
    return ctx.say("{title} ({day})", title=(await words_of(ctx, announcement)).title, day=day)


async def relation_parts(ctx: Context, announcement: Announcement) -> list[Part]:
    """Return what a published decision says of others: the way to what it replaces, and what has taken its place."""
    decision = await find_decision(ctx.session, ctx.workspace_id, known(announcement.id))
    if decision is None or decision.outcome is None:
        return []
    parts: list[Part] = []
    if decision.status == DecisionStatus.WITHDRAWN:
        sentence = ctx.say("This decision does not stand any more: {why}", why=decision.withdrawn_why)
        parts.append(Words(sentence, Tone.STRONG))
    newer = await replacement_of(ctx.session, ctx.workspace_id, known(decision.id))
    if newer is not None and _is_told_beside(newer, announcement):
        parts.append(Words(ctx.say("Replaced by “{title}”", title=(await words_of(ctx, newer)).title), Tone.STRONG))
        parts.extend(await link_to_post(ctx, known(newer.id), ctx.say("See what replaces it")))
    elif newer is not None:
        parts.append(Words(ctx.say("Replaced by a later decision"), Tone.STRONG))
    if decision.replaces_id is not None:
        older = await announcement_of_decision(ctx.session, ctx.workspace_id, decision.replaces_id)
        if older is not None:
            parts.extend(await link_to_post(ctx, known(older.id), ctx.say("See what it replaces")))
    return parts


def _is_told_beside(newer: Announcement, older: Announcement) -> bool:
    """Whether everybody who sees the older one may know what the newer one is called."""
    is_for_the_same = (newer.audience_kind, newer.audience_id) == (older.audience_kind, older.audience_id)
    return newer.audience_kind == AudienceKind.EVERYONE or is_for_the_same
