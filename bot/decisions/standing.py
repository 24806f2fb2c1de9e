"""Where one announcement's decision stands: computed while it is a draft, as it was kept once it is published.

Of bot/anchoring, which is built on the announcements, this knows only what its messages and its question are called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.context import Context, known
from bot.decisions.checklist import Answer, Item, answers_of, items_of
from bot.decisions.outcome import Outcome, line_of, open_questions, outcome_of
from bot.names import shown_name
from bot.texts import Text
from storage.anchoring import anchoring_answers, anchoring_requests_about, current_anchoring_request
from storage.decisions import find_decision
from storage.outbox import refresh_posted
from storage.people import get_member
from storage.tables import Anchoring, AnchoringAnswer, AnchoringState, Announcement, AnnouncementKind, Decision

# The messages of bot/anchoring that show how a decision stands: their subject is the request.
CARD = "anchoring.card"
MET = "anchoring.met"
# The button under a decision that puts it to the management group.
ASK_GROUP = "anchoring.ask"


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision's checklist, what was answered, and how it is anchored, with the line that says so."""

    items: tuple[Item, ...]
    answers: Mapping[str, Answer]
    anchoring: Anchoring
    line: Text

    @property
    def open_questions(self) -> tuple[str, ...]:
        """The keys of the items that were left open and do not count for the outcome."""
        return open_questions(self.items, self.answers)


async def standing_of(ctx: Context, announcement: Announcement) -> Standing | None:
    """Return where a decision stands; None for news, or before its checklist was opened."""
    decision = await _decision_of(ctx, announcement)
    if decision is None:
        return None
    items, answers = items_of(decision.checklist), answers_of(decision.answers)
    if decision.outcome is None:
        outcome = await _computed(ctx, announcement, items, answers)
        return Standing(items, answers, outcome.anchoring, outcome.line)
    anchoring = Anchoring(decision.outcome)
    author, asked = await _author(ctx, announcement), await _asked(ctx, announcement, anchoring)
    return Standing(items, answers, anchoring, line_of(anchoring, items, answers, author, asked))


async def outcome_of_draft(ctx: Context, draft: Announcement) -> Outcome | None:
    """Return how a draft's decision stands now, with its reasons; None for news, or before its checklist was opened."""
    decision = await _decision_of(ctx, draft)
    if decision is None:
        return None
    return await _computed(ctx, draft, items_of(decision.checklist), answers_of(decision.answers))


async def refresh_cards(ctx: Context, announcement_id: int) -> None:
    """Have every card about anchoring this announcement show what is true now."""
    for request in await anchoring_requests_about(ctx.session, ctx.workspace_id, announcement_id):
        for message in (CARD, MET):
            await refresh_posted(ctx.session, ctx.workspace_id, message, known(request.id), now=ctx.now)


async def _decision_of(ctx: Context, announcement: Announcement) -> Decision | None:
    if announcement.kind != AnnouncementKind.DECISION:
        return None
    return await find_decision(ctx.session, ctx.workspace_id, known(announcement.id))


async def _computed(
    ctx: Context, announcement: Announcement, items: tuple[Item, ...], answers: Mapping[str, Answer]
) -> Outcome:
    author = await _author(ctx, announcement)
    request = await current_anchoring_request(ctx.session, ctx.workspace_id, announcement)
    if request is None:
        return outcome_of(items, answers, author)
    asked = await anchoring_answers(ctx.session, ctx.workspace_id, known(request.id))
    return outcome_of(items, answers, author, request.rule, asked)


async def _asked(ctx: Context, announcement: Announcement, anchoring: Anchoring) -> Sequence[AnchoringAnswer]:
    """Return what the group had answered when an anchored decision was published; nothing of any other."""
    if anchoring is not Anchoring.BY_GROUP:
        return ()
    requests = await anchoring_requests_about(ctx.session, ctx.workspace_id, known(announcement.id))
    met = [known(request.id) for request in requests if request.state == AnchoringState.MET]
    return await anchoring_answers(ctx.session, ctx.workspace_id, met[-1]) if met else ()


async def _author(ctx: Context, announcement: Announcement) -> str:
    """Return the name of whoever answers for what is declared: whom it is written for, or its writer."""
    speaker_id = announcement.behalf_of_id or announcement.author_id
    return shown_name(await get_member(ctx.session, ctx.workspace_id, speaker_id), ctx.say)
