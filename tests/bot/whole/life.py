"""What can happen in a company's life: each act is one that people, the platform, time or a crash could bring."""

import itertools
from datetime import datetime, timedelta

from bot.anchoring.cards import CONCERN
from bot.anchoring.cards import PUBLISH as PUBLISH_ANCHORED
from bot.announcements.choices import AMEND, BECOME, CANCEL, PUBLISH_SCHEDULED, UNSCHEDULE, WITHDRAW
from bot.announcements.forms import CHECKLIST, EDIT, PUBLISH_ITSELF
from bot.announcements.picture import REMIND_NOW
from bot.announcements.posts import UNDO
from bot.behalf.cards import APPROVE
from bot.decisions.standing import ASK_GROUP
from bot.events import OPENED_HOME
from bot.forms import ChoiceField, Form, TextField
from bot.intake import REACTED_TO_US, REPLIED_TO_US, WROTE_TO_BOT
from bot.messages import Button, Message, Target, buttons_of
from bot.privacy.erasing import ERASE, ERASE_NOW
from storage.workspaces import change_settings, get_workspace
from tests.bot.whole.company import Company
from tests.bot.whole.platform import Trouble
from tests.bot.whole.promises import Watcher

# What somebody does to themselves for good, once, would end most lives early; there is an act for it.
LEFT_ALONE = (ERASE, ERASE_NOW)
# What can be done with something that is on its way or out, or waits for somebody's yes.
CHANGES = (
    WITHDRAW,
    AMEND,
    AMEND,
    UNSCHEDULE,
    PUBLISH_SCHEDULED,
    CANCEL,
    CANCEL,
    PUBLISH_ANCHORED,
    BECOME,
    APPROVE,
    APPROVE,
)


class Life:
    """A company, and what may happen to it next."""

    def __init__(self, company: Company) -> None:
        """Begin to live."""
        self.company = company
        self.watcher = Watcher(company)
        self.written = itertools.count(1)
        self.left_open: list[tuple[str, Form]] = []

    def words(self) -> str:
        """Return words that nobody has written before."""
        return f"<word-{next(self.written):04}>"

    async def begin(self, rule_of_group: str, *, ticked: bool) -> None:
        """Have something to read, to change, to withdraw and to answer from the first day on."""
        await self._set_rule(rule_of_group)
        await self.announce(
            "anna", "news", "", "everyone:", later=False, confirm=True, important=False, declared="", way=0
        )
        await self.ask_the_group("bo", ticked=ticked, confirm=True)

    async def _set_rule(self, rule_of_group: str) -> None:
        company = self.company
        async with company.database.begin() as session:
            workspace_id = company.organisation.workspace_id
            workspace = await get_workspace(session, workspace_id)
            changed = {**workspace.settings, "anchoring_rule": rule_of_group}
            await change_settings(session, workspace_id, changed, company.clock.now(), None)

    async def announce(
        self,
        author: str,
        kind: str,
        speaker: str,
        audience: str,
        *,
        later: bool,
        confirm: bool,
        important: bool,
        declared: str,
        way: int,
    ) -> None:
        """Write something up to its preview, and go on from there in any way there is."""
        values = {
            "kind": kind,
            "audience": audience,
            "confirm": "yes" if confirm else "",
            "important": "yes" if important else "",
            "on_behalf_of": speaker,
        }
        if later:
            soon = self.company.clock.now() + timedelta(days=1 + way % 2)
            values |= {"day": f"{soon:%Y-%m-%d}", "time": "09:45"}
        form = await self._written(author, values, declared, way)
        if form is not None:
            await self._go_on(author, form, way)

    async def _written(self, author: str, values: dict[str, str], declared: str, way: int) -> Form | None:
        form = (await self.company.act(author, "announce")).form
        if form is None:
            return None
        form = (await self.company.send(author, form, title=self.words(), text=self.words(), **values)).form
        if form is not None and form.action == CHECKLIST:
            answers = {"decision": "We move", "decider": "" if way % 5 == 0 else "Anna", "anchoring": declared}
            if declared in ("yes", "not_needed"):
                answers["anchoring.words"] = "On Monday"
            form = (await self.company.send(author, form, **answers)).form
        return form

    async def _go_on(self, author: str, form: Form, way: int) -> None:
        ways = [found for found in buttons_of(form.parts) if found.action != EDIT]
        if ways:
            values = {"why": "It is late"} | ({PUBLISH_ITSELF: "yes"} if way % 2 else {})
            await self.company.press(author, ways[way % len(ways)], **values)
            await self.company.tick()

    async def ask_the_group(self, author: str, *, ticked: bool, confirm: bool) -> None:
        """Put a decision to the management group."""
        values = {"kind": "decision", "audience": "everyone:", "confirm": "yes" if confirm else ""}
        form = await self._written(author, values, "", 1)
        for ask in [] if form is None else [found for found in buttons_of(form.parts) if found.action == ASK_GROUP]:
            await self.company.press(author, ask, **({PUBLISH_ITSELF: "yes"} if ticked else {}))
            await self.company.tick()

    async def answer(self, which: int, kind: str, who: str) -> None:
        """Answer what the management group was asked, as one of them, as all, or as all but one, who has a concern.

        Somebody may think again.
        """
        rows = sorted({found.target.row for _, found in self.company.ways(kind)})
        if not rows:
            return
        row = rows[-1 - which % min(2, len(rows))]
        asked = self._asked(row, kind)
        if who == "one":
            asked = [asked[which % len(asked)]]
        elif who == "all but one":
            against = self._asked(row, CONCERN)[which % len(asked)]
            asked = [against, *(way for way in asked if way[0] != against[0])]
        for person, found in asked:
            form = (await self.company.press(person, found)).form
            if form is not None:
                await self.company.send(person, form, **self._filled(form))

    def _asked(self, row: int, kind: str) -> list[tuple[str, Button]]:
        return [way for way in self.company.ways(kind) if way[1].target.row == row]

    async def reword(self, which: int, way: int) -> None:
        """Change a draft's words, those that the management group has been asked about too, and go on from there."""
        drafts = self.company.records.rows(
            "SELECT announcement.id, version, external_id FROM announcement JOIN member ON member.id = author_id"
            " WHERE announcement.state = 'draft' AND revision > 0 ORDER BY announcement.id"
        )
        drafts = [draft for draft in drafts if draft["external_id"] in self.company.here]
        if drafts:
            draft = drafts[which % len(drafts)]
            await self._reword(draft["external_id"], Target(draft["id"], draft["version"]), way)

    async def _reword(self, author: str, target: Target, way: int) -> None:
        form = (await self.company.act(author, EDIT, target=target)).form
        if form is None:
            return
        form = (await self.company.send(author, form, title=self.words())).form
        if form is not None and form.action == CHECKLIST:
            form = (await self.company.send(author, form)).form
        ways = [] if form is None else [found for found in buttons_of(form.parts) if found.action != EDIT]
        if ways and way % 3:
            await self.company.press(author, ways[way % len(ways)], why="It is late")

    async def change(self, action: str, which: int, *, lies_open: bool) -> None:
        """Withdraw, edit, cancel or let go of something, as whoever can; or leave the form for it open for now."""
        ways = self.company.ways(action)
        if ways:
            # Half of them among the newest, of which more is still to be changed.
            person, found = ways[which % len(ways)] if which % 2 else ways[-1 - which % min(len(ways), 3)]
            form = (await self.company.press(person, found)).form
            if form is not None and lies_open:
                self.left_open.append((person, form))
            elif form is not None:
                await self.company.send(person, form, **self._filled(form))

    async def send_what_lay_open(self, which: int) -> None:
        """Send a form that was opened long ago, whatever has happened since."""
        if not self.left_open:
            return
        person, form = self.left_open.pop(which % len(self.left_open))
        await self.company.send(person, form, **self._filled(form))

    async def press(self, person: str, other: str | None, what: int, which: int) -> None:
        """Press anything that a person has before them, the newest first; or what another has, as by forging it."""
        shown = [(it, where) for it, where in reversed(self.company.shown_to(other or person)) if buttons_of(it.parts)]
        if shown:
            found, channel = shown[what % len(shown) if other else min(what % 8, len(shown) - 1)]
            await self._press(person, found, None if other else channel, which)

    async def _press(self, person: str, shown: Form | Message, channel: str | None, which: int) -> None:
        buttons = [found for found in buttons_of(shown.parts) if found.action not in LEFT_ALONE]
        if buttons:
            values = self._filled(shown) if isinstance(shown, Form) else {}
            found = buttons[which % len(buttons)]
            self._note_remind_now(found)
            await self.company.press(person, found, channel=channel, **values)

    def _note_remind_now(self, found: Button) -> None:
        if found.action == REMIND_NOW:
            self.watcher.may_be_reminded[found.target.row] += 1

    async def go_on(self, person: str, *, at_home: bool) -> None:
        """Send the form that is open, with other words where there is room for words; or look at Home."""
        forms = [it for it in self.company.before.get(person, []) if isinstance(it, Form) and it.submit]
        if at_home:
            await self.company.act(person, OPENED_HOME)
        elif forms and forms[0].action not in LEFT_ALONE:
            await self.company.send(person, forms[0], **self._filled(forms[0]))

    def _filled(self, form: Form) -> dict[str, str]:
        values = dict(form.values())
        for part in form.parts:
            if isinstance(part, TextField) and (part.key in ("title", "text") or not part.value):
                values[part.key] = self.words()
            if isinstance(part, ChoiceField) and not part.value:
                values[part.key] = part.options[0].value
        return values

    async def give_a_sign(self, person: str, which: int, by: str, taken_back_after: int | None) -> None:
        """Read, wave aside, ask, reply to or react to a post or a copy, or confirm in a reminder; and take it back."""
        if by in ("reply", "react"):
            await self._answer_in_words(person, which, by)
        else:
            found = [
                (button, channel)
                for shown, channel in self.company.shown_to(person)
                for button in buttons_of(shown.parts)
                if button.action == by
            ]
            if found:
                button, channel = found[-1 - which % min(3, len(found))]
                await self._sign(person, button, channel)
        if taken_back_after is not None:
            self.company.move(timedelta(minutes=taken_back_after))
            undo = [
                it for shown, _ in self.company.shown_to(person) for it in buttons_of(shown.parts) if it.action == UNDO
            ]
            if undo:
                await self.company.press(person, undo[0])

    async def _sign(self, person: str, button: Button, channel: str | None) -> None:
        form = (await self.company.press(person, button, channel=channel)).form
        if form is not None:
            await self.company.send(person, form, **self._filled(form))

    async def _answer_in_words(self, person: str, which: int, by: str) -> None:
        gateway = self.company.gateway
        keys = [
            key
            for key in gateway.standing_now()
            if key in gateway.about and gateway.standing[key].to.member in (person, None)
        ]
        if not keys:
            return
        key = keys[which % len(keys)]
        channel = gateway.standing[key].to.channel
        if by == "react":
            await self.company.act(person, REACTED_TO_US, channel=channel, message=key)
        elif channel is None:
            await self.company.act(person, WROTE_TO_BOT, text=self.words(), thread=key)
        else:
            await self.company.act(person, REPLIED_TO_US, channel=channel, thread=key)

    async def remind_now(self, which: int) -> None:
        """Have those reminded who have not read."""
        ways = self.company.ways(REMIND_NOW)
        if ways:
            person, found = ways[which % len(ways)]
            self._note_remind_now(found)
            await self.company.press(person, found)
            await self.company.tick()

    async def come_or_go(self, person: str, erases: int) -> None:
        """Leave the organisation, come back to it, or join it; or have everything erased about oneself."""
        if erases == 0 and "farid" in self.company.here:
            await self.company.erase("farid")
        else:
            await self.company.see(person, has_left=person in self.company.here)

    async def have_trouble(self, troubles: list[Trouble], *, cannot_tell: bool) -> None:
        """Have the platform fail the next messages, each in its own way."""
        self.company.gateway.troubles = troubles
        self.company.gateway.can_tell = not cannot_tell

    async def turn_away(self, what: str, person: str, which: int) -> None:
        """Have the platform down, or up again; block the bot, or let it in; delete a post or a copy in the chat."""
        gateway = self.company.gateway
        keys = [key for key in gateway.standing_now() if key in gateway.about]
        match what:
            case "down":
                gateway.is_down = not gateway.is_down
            case "blocked":
                gateway.blocked ^= {person}
            case "deleted" if keys:
                gateway.delete(keys[which % len(keys)])

    async def crash(self, steps: int, at_once: int, only: str | None) -> None:
        """Have the process killed so many steps on, or stopped between two things; another takes over.

        With `only`, a few steps of that kind on: between two messages lie many commits, and few would be reached.
        """
        if at_once == 0:
            await self.company.restart()
        elif self.company.fuse.steps_left is None:
            self.company.fuse.steps_left = steps if only is None else steps % 4
            self.company.fuse.only = only

    async def days_pass(self, days: int) -> None:
        """Let some working days come, each with its morning."""
        for _ in range(days):
            await self.company.next_morning()

    async def time_passes(self, how: str) -> None:
        """Have the clock put back or forth, or not run for some days; what is due then happens."""
        company = self.company
        company.seen[how] += 1
        match how:
            case "down for days" | "down for weeks":
                await company.restart()
                await company.next_morning(days=4 if how == "down for days" else 16)
            case _:
                if how == "an hour back":
                    self._note_put_back(company.clock.now() - timedelta(hours=1))
                steps = {"a minute": timedelta(minutes=1), "an hour back": -timedelta(hours=1)}
                company.move(steps.get(how, timedelta(hours=1)))
                await company.tick()

    def _note_put_back(self, to: datetime) -> None:
        """Count what has gone out at its time, later than it is by the clock now."""
        by_itself = (
            "SELECT count(*) AS count FROM announcement_step"
            " WHERE from_state = 'scheduled' AND to_state = 'publishing' AND by_member_id IS NULL AND at > ?"
        )
        [found] = self.company.records.rows(by_itself, to.replace(tzinfo=None).isoformat(" "))
        self.company.seen["put back before what had gone out at its time"] += found["count"]
