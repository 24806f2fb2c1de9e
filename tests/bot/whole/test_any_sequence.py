"""Whatever anybody does in whatever order, and wherever the process is killed: what always holds."""

import asyncio
import itertools
import shutil
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from bot.announcements.choices import AMEND, WITHDRAW
from bot.announcements.forms import PUBLISH
from bot.announcements.picture import picture_of
from bot.announcements.posts import NOT_RELEVANT, READ
from bot.context import context_for
from bot.decisions.standing import ASK_GROUP, standing_of
from bot.events import OPENED_HOME
from bot.forms import ChoiceField, Form, TextField
from bot.intake import REACTED_TO_US, REPLIED_TO_US, WROTE_TO_BOT
from bot.messages import Message, Shares, buttons_of
from bot.privacy.erasing import ERASE
from storage.recipients import count_recipients, find_recipient
from storage.tables import (
    Anchoring,
    Announcement,
    AnnouncementState,
    AnnouncementText,
    BehalfRequest,
    Decision,
    FanOut,
)
from storage.workspaces import get_workspace
from tests.bot.whole.company import Company, found_company
from tests.soak import times

PEOPLE = ("anna", "bo", "carl", "cecilia", "david", "eva", "farid", "greta")
EXAMPLES = times(6, 400)
STEPS = times(20, 50)
# What somebody does to themselves for good, once, would end most lives early.
LEFT_ALONE = (ERASE,)

people = st.sampled_from(PEOPLE)
picks = st.integers(0, 1000)


class AnySequence(RuleBasedStateMachine):
    """People, the platform, time and crashes, each doing what it likes."""

    migrated: Path
    folder: Path
    numbers = itertools.count(1)

    def __init__(self) -> None:
        """Found a company."""
        super().__init__()
        self.runner = asyncio.Runner()
        path = self.folder / f"{next(self.numbers)}.db"
        shutil.copy(self.migrated, path)
        self.company: Company = self.run(found_company(path))
        self.written = itertools.count(1)
        self.audiences: dict[int, int] = {}
        self.withdrawn: set[int] = set()
        self.gone: set[str] = set()
        # What they had before is not changed while they are away, and they are not there to see it.
        self.have_been_away: set[str] = set()

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """Do something to its end."""
        return self.runner.run(doing)

    def teardown(self) -> None:
        """Let everything come to rest, and look once more."""
        self.run(self.company.quieten())
        self.run(self.look())
        self.run(self.look_at_rest())
        self.run(self.company.database.close())
        self.runner.close()

    def words(self) -> str:
        """Return words that nobody has written before."""
        return f"<word-{next(self.written):04}>"

    @rule(
        author=people,
        kind=st.sampled_from(["news", "decision"]),
        speaker=st.sampled_from(["", "", "eva", "carl"]),
        later=st.booleans(),
        confirm=st.booleans(),
        important=st.booleans(),
    )
    def write(self, author: str, kind: str, speaker: str, *, later: bool, confirm: bool, important: bool) -> None:
        """Write something up to its preview."""
        self.run(self._write(author, kind, speaker, later=later, confirm=confirm, important=important))

    @rule(author=people, confirm=st.booleans())
    def publish(self, author: str, *, confirm: bool) -> None:
        """Publish news at once."""
        written = self._write(author, "news", "", later=False, confirm=confirm, important=False)
        form = self.run(written)
        if form is not None:
            [go] = [found for found in buttons_of(form.parts) if found.action == PUBLISH]
            self.run(self.company.press(author, go))
            self.run(self.company.tick())

    @initialize()
    def begin(self) -> None:
        """Have something to read, to change and to withdraw from the first day on."""
        self.publish("anna", confirm=True)

    @rule(action=st.sampled_from([WITHDRAW, AMEND]), which=picks)
    def change(self, action: str, which: int) -> None:
        """Withdraw or edit what has been published, as whoever can."""
        ways = [
            (person, found)
            for person in PEOPLE
            for shown, _ in self.company.shown_to(person)
            for found in buttons_of(shown.parts)
            if found.action == action
        ]
        if ways:
            person, found = ways[which % len(ways)]
            form = self.run(self.company.press(person, found)).form
            if form is not None:
                self.run(self.company.send(person, form, **self._filled(form)))

    @rule(author=people, ticked=st.booleans())
    def ask_the_group(self, author: str, *, ticked: bool) -> None:
        """Put a decision to the management group."""
        written = self._write(author, "decision", "", later=False, confirm=False, important=False)
        form = self.run(written)
        if form is not None:
            for ask in [found for found in buttons_of(form.parts) if found.action == ASK_GROUP]:
                self.run(self.company.press(author, ask, publish_itself="yes" if ticked else ""))
            self.run(self.company.tick())

    async def _write(
        self, author: str, kind: str, speaker: str, *, later: bool, confirm: bool, important: bool
    ) -> Form | None:
        form = (await self.company.act(author, "announce")).form
        if form is None:
            return None
        soon = self.company.clock.now() + timedelta(days=2)
        values = {
            "title": self.words(),
            "text": self.words(),
            "kind": kind,
            "audience": "everyone:",
            "confirm": "yes" if confirm else "",
            "important": "yes" if important else "",
            "on_behalf_of": speaker,
        }
        if later:
            values |= {"day": f"{soon:%Y-%m-%d}", "time": "09:30"}
        form = (await self.company.send(author, form, **values)).form
        if form is not None and form.action == "decision.checklist":
            form = (await self.company.send(author, form, decision="We move", decider="Anna")).form
        return form

    @rule(person=people, what=picks, which=picks)
    def press(self, person: str, what: int, which: int) -> None:
        """Press anything that a person has before them; the newest first, as people do."""
        shown = [(it, where) for it, where in reversed(self.company.shown_to(person)) if buttons_of(it.parts)]
        if shown:
            found, channel = shown[min(what % 8, len(shown) - 1)]
            self._press(person, found, channel, which)

    @rule(person=people, other=people, what=picks, which=picks)
    def press_what_others_have(self, person: str, other: str, what: int, which: int) -> None:
        """Press what somebody else has before them, as nobody could without forging it."""
        shown = [it for it, _ in self.company.shown_to(other) if buttons_of(it.parts)]
        if shown:
            self._press(person, shown[what % len(shown)], None, which)

    def _press(self, person: str, shown: Form | Message, channel: str | None, which: int) -> None:
        buttons = [found for found in buttons_of(shown.parts) if found.action not in LEFT_ALONE]
        if buttons:
            values = self._filled(shown) if isinstance(shown, Form) else {}
            self.run(self.company.press(person, buttons[which % len(buttons)], channel=channel, **values))

    @rule(person=people)
    def send(self, person: str) -> None:
        """Send the form that is open, with other words where there is room for words."""
        forms = [it for it in self.company.before.get(person, []) if isinstance(it, Form) and it.submit]
        if forms:
            self.run(self.company.send(person, forms[0], **self._filled(forms[0])))

    def _filled(self, form: Form) -> dict[str, str]:
        values = dict(form.values())
        for part in form.parts:
            if isinstance(part, TextField) and (part.key in ("title", "text") or not part.value):
                values[part.key] = self.words()
            if isinstance(part, ChoiceField) and not part.value:
                values[part.key] = part.options[0].value
        return values

    @rule(person=people, which=picks, by=st.sampled_from(["press", "not relevant", "reply", "react", "write"]))
    def give_a_sign(self, person: str, which: int, by: str) -> None:
        """Read, reply or react to a post or a copy."""
        mine = [
            (key, said)
            for key, said in self.company.gateway.standing.items()
            if key in self.company.gateway.about and said.to.member in (person, None)
        ]
        if not mine:
            return
        key, said = mine[which % len(mine)]
        channel = said.to.channel
        labels = {"press": READ, "not relevant": NOT_RELEVANT}
        if by in labels:
            found = [button for button in buttons_of(said.message.parts) if button.action == labels[by]]
            if found:
                self.run(self.company.press(person, found[0], channel=channel))
        elif channel is None:
            self.run(self.company.act(person, WROTE_TO_BOT, text=self.words(), thread=key))
        elif by == "react":
            self.run(self.company.act(person, REACTED_TO_US, channel=channel, message=key))
        else:
            self.run(self.company.act(person, REPLIED_TO_US, channel=channel, thread=key))

    @rule(person=people)
    def open_home(self, person: str) -> None:
        """Look at Home."""
        self.run(self.company.act(person, OPENED_HOME))

    @rule(person=st.sampled_from(["bo", "cecilia", "eva", "farid"]))
    def leave_or_come_back(self, person: str) -> None:
        """Leave the organisation, or come back to it."""
        self.gone ^= {person}
        self.have_been_away.add(person)
        self.run(self.company.see(person, has_left=person in self.gone))

    @rule(number=st.integers(1, 3))
    def join(self, number: int) -> None:
        """Join the organisation."""
        self.run(self.company.see(f"newcomer{number}", has_left=False))

    @rule(person=people)
    def block_or_let_in(self, person: str) -> None:
        """Block the bot, or let it in again."""
        self.company.gateway.blocked ^= {person}

    @rule()
    def break_down_or_recover(self) -> None:
        """Let the platform be down, or up again."""
        self.company.gateway.is_down = not self.company.gateway.is_down

    @precondition(lambda self: self.company.fuse.steps_left is None)
    @rule(steps=st.integers(0, 12))
    def light_the_fuse(self, steps: int) -> None:
        """Have the process killed so many steps on."""
        self.company.fuse.steps_left = steps

    @rule()
    def restart(self) -> None:
        """Stop the process between two things, and start another."""
        self.run(self.company.restart())

    @rule()
    def settle(self) -> None:
        """Let everything happen that is due."""
        self.run(self.company.tick())

    @rule(step=st.sampled_from([timedelta(minutes=2), timedelta(hours=1), timedelta(days=1), timedelta(days=4)]))
    def pass_time(self, step: timedelta) -> None:
        """Let time pass."""
        self.run(self.company.pass_time(step))

    @invariant()
    def what_always_holds(self) -> None:
        """Look after each step."""
        self.run(self.look())

    async def look(self) -> None:
        """Look at what holds at every moment."""
        company = self.company
        assert all(count == 1 for count in company.gateway.told.values()), company.gateway.told
        workspace_id = company.organisation.workspace_id
        async with company.database.read() as session:
            ctx = context_for(session, company.clock.now(), await get_workspace(session, workspace_id))
            done = (
                (
                    await session.execute(
                        select(FanOut.announcement_id).where(col(FanOut.done_at).is_not(None), FanOut.reason == "")
                    )
                )
                .scalars()
                .all()
            )
            texts = (await session.execute(select(AnnouncementText))).scalars().all()
            approved = {
                (request.announcement_id, request.revision)
                for request in (await session.execute(select(BehalfRequest))).scalars()
                if request.state == "approved"
            }
            for announcement in (await session.execute(select(Announcement))).scalars():
                announcement_id = announcement.id or 0
                counted = picture_of(await count_recipients(session, workspace_id, announcement_id))
                if announcement_id in done:
                    audience = self.audiences.setdefault(announcement_id, counted.audience)
                    assert counted.counts.total() == counted.audience == audience
                if announcement.state == AnnouncementState.WITHDRAWN:
                    self.withdrawn.add(announcement_id)
                assert (announcement_id in self.withdrawn) is (announcement.state == AnnouncementState.WITHDRAWN)
                mine = [it for it in texts if it.announcement_id == announcement_id]
                for member, said in company.gateway.reminded:
                    if any(it.title in said for it in mine):
                        recipient = await find_recipient(
                            session, workspace_id, announcement_id, company.organisation.members.get(member, 0)
                        )
                        assert recipient is None or recipient.read_at is None, (member, said)
                if announcement.behalf_of_id is not None:
                    secret = [it.text for it in mine if (announcement_id, it.revision) not in approved]
                    self._seen_by_nobody(announcement_id, secret)
                decision = (
                    await session.execute(select(Decision).where(col(Decision.announcement_id) == announcement_id))
                ).scalar_one_or_none()
                standing = await standing_of(ctx, announcement)
                if decision is not None and standing is not None and decision.outcome is not None:
                    assert standing.anchoring == Anchoring(decision.outcome)
        company.gateway.reminded.clear()

    def _seen_by_nobody(self, announcement_id: int, words: list[str]) -> None:
        for shown in self._shown_of(announcement_id, besides=set()):
            assert not any(word in shown for word in words), (shown, words)

    def _shown_of(self, announcement_id: int, *, besides: set[str]) -> list[str]:
        """Return what its post and its copies show; not those with some people."""
        gateway = self.company.gateway
        standing = [gateway.standing[key] for key, about in gateway.about.items() if about == announcement_id]
        return [repr(said.message.parts) for said in standing if said.to.member not in besides]

    async def look_at_rest(self) -> None:
        """Look at what everybody sees when everything has come to rest."""
        company = self.company
        workspace_id = company.organisation.workspace_id
        async with company.database.read() as session:
            ctx = context_for(session, company.clock.now(), await get_workspace(session, workspace_id))
            texts = (await session.execute(select(AnnouncementText))).scalars().all()
            for announcement in (await session.execute(select(Announcement))).scalars():
                announcement_id = announcement.id or 0
                mine = {it.text for it in texts if it.announcement_id == announcement_id}
                shown = self._shown_of(announcement_id, besides=self.have_been_away)
                if announcement_id in self.withdrawn:
                    assert not any(word in it for it in shown for word in mine), shown
                    continue
                standing = await standing_of(ctx, announcement)
                if standing is not None:
                    line = ctx.say.say(standing.line)
                    assert all(line in it for it in shown), (line, shown)
        for said in company.gateway.standing.values():
            for part in said.message.parts:
                if isinstance(part, Shares) and part.label.startswith("Audience:"):
                    whole = sum(share.count for share in part.shares)
                    assert f" {whole} " in part.label, part


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_whatever_happens(migrated_file: Path, tmp_path: Path) -> None:
    """Parts add up, nobody is told twice or reminded after reading, and nothing withdrawn or not approved is seen."""
    AnySequence.migrated, AnySequence.folder = migrated_file, tmp_path

    run_state_machine_as_test(
        AnySequence,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=EXAMPLES < 100,
            suppress_health_check=list(HealthCheck),
        ),
    )
