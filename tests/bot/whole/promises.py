"""What always holds, whatever anybody did: looked at after each step, and again when everything has come to rest."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from bot.announcements.forms import PREVIEW
from bot.announcements.picture import picture_of
from bot.announcements.posts import withdrawn_line
from bot.context import context_for
from bot.messages import Shares, Words
from storage.announcements import find_announcement
from storage.recipients import count_recipients
from storage.workspaces import get_workspace
from tests.bot.whole.company import Company
from tests.bot.whole.platform import Unasked
from tests.bot.whole.records import (
    LINES,
    Kept,
    Row,
    enough_say_so,
    kept_now,
    moment,
    outcome_by_the_rule,
    situation,
)

OUT = ("publishing", "published")
# PRODUCT chapter 3, "One contact budget per person": the most unasked-for messages in so many days.
BUDGET = ((timedelta(days=7), 1), (timedelta(days=30), 3))
# PRODUCT chapter 2, "Anchoring request": it lapses after ten working days; none are fewer days than this, and over
# Easter they are as many as that.
LAPSES_BETWEEN = (timedelta(days=13), timedelta(days=20))


class Watcher:
    """Remembers what there was, to see that it stays so."""

    def __init__(self, company: Company) -> None:
        """Begin to watch a company."""
        self.company = company
        self.audiences: dict[int, int] = {}
        # Who was there all the time, and who at any time, while an announcement's audience was written down.
        self.throughout: dict[int, set[str]] = {}
        self.at_any_time: dict[int, set[str]] = {}
        # What it said when it went out: nothing about its anchoring is changed from then on.
        self.published: dict[int, int] = {}
        self.ended: dict[int, str] = {}
        # The questions to the management group to which somebody has had something to object.
        self.objected: set[int] = set()
        # The steps by which something went out itself, each looked at when it was new.
        self.judged: set[int] = set()
        self.reminded: Counter[tuple[int, str]] = Counter()
        self.may_be_reminded: Counter[int] = Counter()
        self.had: defaultdict[str, list[datetime]] = defaultdict(list)
        self.counted: dict[int, object] = {}

    async def look(self) -> None:
        """Look at what holds at every moment."""
        kept = kept_now(self.company.records)
        for row_id, announcement in kept.announcements.items():
            self._life(kept, row_id, announcement)
            self._audience(kept, row_id, announcement)
            self._signs(kept, row_id)
            self._not_shown_unapproved(kept, row_id, announcement)
            self._outcome(kept, row_id, announcement)
            self._went_out_itself(kept, row_id)
            self._question(kept, row_id, announcement)
            await self._parts(kept, row_id)
        self._told_once(kept)
        self._unasked(kept)
        self._lapsed(kept)
        self._previews(kept)

    def _life(self, kept: Kept, row_id: int, announcement: Row) -> None:
        """See that what is withdrawn or cancelled stays so, and that nothing goes out twice or before its time."""
        state = announcement["state"]
        assert self.ended.get(row_id, state) == state, (announcement, self.ended[row_id])
        if state in ("withdrawn", "cancelled"):
            self.ended[row_id] = state
        steps = kept.steps[row_id]
        went_out = [step for step in steps if step["to_state"] == "publishing"]
        assert len(went_out) <= 1, steps
        assert row_id not in self.published or state in (*OUT, "withdrawn"), announcement
        if went_out:
            self.published.setdefault(row_id, announcement["revision"])
        for step in went_out:
            if step["from_state"] == "scheduled" and step["by_member_id"] is None:
                assert step["at"] >= announcement["publish_at"], (step, announcement)

    def _audience(self, kept: Kept, row_id: int, announcement: Row) -> None:
        """See that exactly those are written down whom it is for, and that they stay as many."""
        if announcement["state"] in OUT and row_id not in self.audiences:
            whom = self.company.audience(announcement)
            self.throughout[row_id] = self.throughout.get(row_id, whom) & whom
            self.at_any_time[row_id] = self.at_any_time.get(row_id, whom) | whom
        if row_id not in kept.complete:
            return
        rows, former = kept.recipients[row_id], kept.former[row_id].total()
        whole = self.audiences.setdefault(row_id, len(rows) + former)
        assert len(rows) + former == whole, (announcement, rows, former)
        there = {kept.members[row["member_id"]]["external_id"] for row in rows}
        assert there <= self.at_any_time.get(row_id, there), (announcement, there, self.at_any_time[row_id])
        missing = self.throughout.get(row_id, set()) - there - self.company.erased
        assert not missing, (announcement, missing)

    def _signs(self, kept: Kept, row_id: int) -> None:
        """See that exactly those have read who have given a sign that they did not take back."""
        for row in kept.recipients[row_id]:
            person = kept.members[row["member_id"]]["external_id"]
            assert (row["read_at"] is not None) is self.company.signs[row_id, person].has_read, (person, row)

    async def _parts(self, kept: Kept, row_id: int) -> None:
        """See that the picture's parts are what each recipient's own situation adds up to."""
        rows = kept.recipients[row_id]
        states = {row["member_id"]: kept.members[row["member_id"]]["state"] for row in rows}
        expected = Counter(situation(row, states[row["member_id"]]) for row in rows)
        for has_read, count in kept.former[row_id].items():
            expected["read" if has_read else "left"] += count
        if self.counted.get(row_id) == (rows, states):
            return
        self.counted[row_id] = (rows, states)
        workspace_id = self.company.organisation.workspace_id
        async with self.company.database.read() as session:
            picture = picture_of(await count_recipients(session, workspace_id, row_id))
        assert dict(picture.counts) == dict(expected), (picture, expected, rows)
        assert picture.audience == len(rows) + kept.former[row_id].total()

    def _not_shown_unapproved(self, kept: Kept, row_id: int, announcement: Row) -> None:
        """See that nothing is said in anybody's name that they have not approved."""
        if announcement["behalf_of_id"] is not None:
            secret = [it["text"] for it in kept.texts[row_id] if it["revision"] not in kept.approved[row_id]]
            for shown in self._shown_of(row_id):
                assert not any(word in shown for word in secret), (shown, secret)

    def _outcome(self, kept: Kept, row_id: int, announcement: Row) -> None:
        """See that the outcome kept with what is published is the one that follows from the answers kept."""
        decision = kept.decisions.get(row_id)
        if announcement["kind"] == "decision" and row_id in self.published and decision is not None:
            expected = self._outcome_of(kept, row_id, self.published[row_id])
            assert decision["outcome"] == expected, (decision, expected, kept.requests[row_id])

    def _outcome_of(self, kept: Kept, row_id: int, revision: int) -> str:
        requests = [it for it in kept.requests[row_id] if it["revision"] == revision]
        request = requests[-1] if requests else None
        answers = [] if request is None else kept.answers[request["id"]]
        return outcome_by_the_rule(kept.decisions[row_id], request, answers)

    def _went_out_itself(self, kept: Kept, row_id: int) -> None:
        """See that what publishes itself is anchored, as its author ticked, and that nobody had anything to object."""
        for request in kept.requests[row_id]:
            if any(it["answer"] in ("concern", "meeting") for it in kept.answers[request["id"]]):
                self.objected.add(request["id"])
        by_nobody = [it for it in kept.steps[row_id] if it["from_state"] == "draft" and it["by_member_id"] is None]
        for step in by_nobody:
            if step["id"] in self.judged:
                continue
            # As it is now: somebody may think again if it becomes a draft once more.
            self.judged.add(step["id"])
            request = kept.requests[row_id][-1]
            assert step["to_state"] in ("publishing", "scheduled"), step
            assert request["publish_when_met"], (step, request)
            assert request["state"] == "met", (step, request)
            assert request["id"] not in self.objected, (step, request, kept.answers[request["id"]])
            outcome = outcome_by_the_rule(kept.decisions[row_id], request, kept.answers[request["id"]])
            assert outcome == "by_group", (step, request, kept.answers[request["id"]])

    def _question(self, kept: Kept, row_id: int, announcement: Row) -> None:
        """See that what the management group was asked about a draft is met as long as enough of them say so."""
        for request in kept.requests[row_id] if announcement["state"] == "draft" else []:
            if request["revision"] == announcement["revision"] and request["state"] in ("open", "met"):
                answers = kept.answers[request["id"]]
                assert (request["state"] == "met") is enough_say_so(request["rule"], answers), (request, answers)

    def _told_once(self, kept: Kept) -> None:
        """See that nobody has an announcement twice, but where nobody can know; and that this is said then."""
        gateway = self.company.gateway
        for (row_id, receiver), deliveries in gateway.told.items():
            assert len(set(deliveries)) == 1, (row_id, receiver, deliveries)
            assert len(deliveries) <= 1 + gateway.doubts[deliveries[0]], (row_id, receiver, deliveries)
            for row in kept.recipients[row_id] if len(deliveries) > 1 else []:
                if kept.members[row["member_id"]]["external_id"] == receiver and row["delivery"] != "waiting":
                    assert row["delivery_reason"], row

    def _unasked(self, kept: Kept) -> None:
        """See that nobody is told unasked what they have read, what is withdrawn, or more than the budget allows."""
        gateway = self.company.gateway
        for said in gateway.unasked:
            self._within_budget(said)
            for row_id in self._spoken_of(kept, said):
                announcement = kept.announcements[row_id]
                assert announcement["state"] in OUT, (said, announcement)
                assert not self.company.signs[row_id, said.member].has_read, (said, announcement)
                whom = [kept.members[it["member_id"]]["external_id"] for it in kept.recipients[row_id]]
                assert said.member in whom, (said, whom)
                if said.is_reminder and "asks you to confirm" in said.says:
                    self.reminded[row_id, said.member] += 1
                    most = 2 + self.may_be_reminded[row_id]
                    assert self.reminded[row_id, said.member] <= most, (said, most)
        gateway.unasked.clear()

    def _spoken_of(self, kept: Kept, said: Unasked) -> set[int]:
        """Return which announcements it speaks of: a decision may have a proposal's words, and then its links tell."""
        by_title: defaultdict[str, set[int]] = defaultdict(set)
        for row_id, texts in kept.texts.items():
            for it in texts:
                if it["title"] and it["title"] in said.says:
                    by_title[it["title"]].add(row_id)
        leads_to = {row_id for key, row_id in self.company.gateway.about.items() if f"/{key}'" in said.says}
        out = {row_id for row_id, announcement in kept.announcements.items() if announcement["published_at"]}
        return {row_id for rows in by_title.values() for row_id in (rows & leads_to) or (rows & out) or rows}

    def _within_budget(self, said: Unasked) -> None:
        day = said.at.replace(hour=0, minute=0, second=0, microsecond=0)
        days = [*self.had[said.member], day]
        for length, most in BUDGET:
            assert sum(abs(other - day) < length for other in days) <= most, (said, days)
        self.had[said.member] = days

    def _lapsed(self, kept: Kept) -> None:
        """See that no question to the management group lapses early."""
        for request in (it for requests in kept.requests.values() for it in requests):
            if request["state"] == "lapsed":
                waited = _between(request["asked_at"], request["settled_at"])
                assert waited >= LAPSES_BETWEEN[0], request

    def _previews(self, kept: Kept) -> None:
        """See that a preview shows the outcome that follows from what is answered by then."""
        for form in self.company.shown:
            stands = [it.text for it in form.parts if isinstance(it, Words) and it.text.startswith("How it stands: ")]
            if form.action != PREVIEW or not stands:
                continue
            draft = kept.announcements[form.target.row]
            if draft["version"] == form.target.version:
                outcome = self._outcome_of(kept, draft["id"], draft["revision"])
                lines = tuple(f"How it stands: {line}" for line in LINES[outcome])
                assert stands[0].startswith(lines), (stands, outcome)
        self.company.shown.clear()

    async def look_at_rest(self) -> None:
        """Look at what everybody sees when everything has come to rest."""
        company = self.company
        kept = kept_now(company.records)
        for row_id, announcement in kept.announcements.items():
            shown = self._shown_of(row_id, besides=company.have_been_away)
            mine = {it["text"] for it in kept.texts[row_id]}
            if announcement["state"] == "withdrawn":
                assert not any(word in it for it in shown for word in mine), shown
                line = await self._withdrawn_line(row_id)
                assert all(line in it for it in shown), (line, shown)
                continue
            assert announcement["state"] != "publishing", announcement
            newest = {it["text"] for it in kept.texts[row_id] if it["revision"] == announcement["revision"]}
            assert all(any(word in it for word in newest) for it in shown), (newest, shown)
            if row_id in self.published and kept.decisions.get(row_id) and announcement["kind"] == "decision":
                lines = LINES[self._outcome_of(kept, row_id, self.published[row_id])]
                assert all(any(line in it for line in lines) for it in shown), (lines, shown)
        self._shown_sums()
        self._nothing_waits_for_ever(kept)

    async def _withdrawn_line(self, row_id: int) -> str:
        workspace_id = self.company.organisation.workspace_id
        async with self.company.database.read() as session:
            ctx = context_for(session, self.company.clock.now(), await get_workspace(session, workspace_id))
            announcement = await find_announcement(session, workspace_id, row_id)
            assert announcement is not None
            return await withdrawn_line(ctx, announcement)

    def _shown_sums(self) -> None:
        for message in self.company.gateway.standing_now().values():
            for part in message.parts:
                if isinstance(part, Shares) and part.label.startswith("Audience:"):
                    whole = sum(share.count for share in part.shares)
                    assert f" {whole} " in part.label, part

    def _nothing_waits_for_ever(self, kept: Kept) -> None:
        now = self.company.clock.now()
        for row_id, announcement in kept.announcements.items():
            if announcement["state"] == "scheduled":
                publish_at = moment(announcement["publish_at"])
                assert publish_at is not None
                assert publish_at > now, announcement
            for request in kept.requests[row_id]:
                current = announcement["state"] == "draft" and request["revision"] == announcement["revision"]
                if request["state"] == "open" and current and announcement["kind"] == "decision":
                    assert _between(request["asked_at"], now) < LAPSES_BETWEEN[1], request

    def _shown_of(self, row_id: int, besides: set[str] | None = None) -> list[str]:
        """Return what an announcement's post and copies show; not those with some people."""
        gateway = self.company.gateway
        return [
            repr(message.parts)
            for key, message in gateway.standing_now().items()
            if gateway.about.get(key) == row_id and gateway.standing[key].to.member not in (besides or set())
        ]


def _between(first: Any, second: Any) -> timedelta:
    begin, end = (it if isinstance(it, datetime) else moment(it) for it in (first, second))
    if begin is None or end is None:
        raise ValueError("a moment is missing")
    return end - begin
