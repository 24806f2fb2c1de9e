"""What people of a simulated organisation do with Samlas: each answers what reaches them by temper and habit."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bot.announcements.forms import PUBLISH
from bot.announcements.posts import READ
from bot.events import OPENED_HOME, Event, Place, Reply
from bot.forms import YES, Form
from bot.messages import Message, Target, buttons_of
from bot.organisation import lead_step
from nudges import own
from nudges.coaching import cards, offering
from nudges.leading import cards as lead_cards
from nudges.leads_view import GO
from nudges.messages import CONFIRM, HELPED, NOT_NOW, READING_ALONG, START, STOP, TIPS_OFF, UNCOUNT
from nudges.simulation.office import KEY, Office
from nudges.simulation.people import Habit, Person, Temper
from nudges.simulation.platform import Stands

# How likely somebody presses *I have read this* under an announcement.
READERS: Mapping[Habit, float] = {
    Habit.ACTIVE: 0.8,
    Habit.NOW_AND_THEN: 0.55,
    Habit.BURSTS: 0.6,
    Habit.FADES: 0.4,
    Habit.READS: 0.85,
    Habit.SILENT: 0.0,
}
LIVELY_FOR = timedelta(days=21)
ANSWERS, CONFIRMS, LEADS_OUT, STARTS_AGAIN = 0.7, 0.5, 0.2, 0.25
# In this order, where a card of coaching has several.
COACHING_ANSWERS = (cards.PICK, cards.CONFIRM, cards.HELPED)
# What leads press under a card that names somebody, and how many of them.
LEAD_ANSWERS: Mapping[str, float] = {
    lead_cards.WILL: 4,
    lead_cards.FINE: 2,
    lead_cards.COACH: 3,
    lead_cards.SNOOZE: 1,
}


@dataclass(slots=True)
class Actor:
    """One person, about to do something at the moment at which the office's clock stands."""

    office: Office
    person: Person
    # Lets the person do something so many days later.
    later: Callable[["Does", int], None]

    @property
    def now(self) -> datetime:
        """The moment at which it is done."""
        return self.office.clock.now()

    async def act(
        self,
        action: str,
        *,
        target: Target | None = None,
        text: str = "",
        values: Mapping[str, str] | None = None,
        place: Place | None = None,
    ) -> Reply:
        """Let Samlas take one thing."""
        return await self.office.take(
            Event(
                action,
                KEY,
                self.person.external_id,
                f"act-{next(self.office.numbers)}",
                self.now,
                place or Place(),
                target=target,
                text=text,
                values=values or {},
            )
        )

    async def press(self, shown: Message | Form | None, action: str, key: str | None = None) -> Reply | None:
        """Press the button of this action, if it is there; None when nothing came of it."""
        buttons = () if shown is None else buttons_of(shown.parts)
        button = next((one for one in buttons if one.action == action), None)
        if button is None:
            return None
        stands = self.office.platform.standing.get(key or "")
        channel = None if stands is None else stands.to.channel
        reply = await self.act(button.action, target=button.target, place=Place(channel, key))
        if reply.errors or not (reply.refreshed or reply.home or reply.form or reply.close):
            return None
        self.has_shown()
        return reply

    async def send(self, form: Form, **values: str) -> Reply:
        """Send a form with what it holds, changed by `values`."""
        return await self.act(form.action, target=form.target, values={**form.values(), **values})

    def has_shown(self) -> None:
        """Keep that the person has given a sign."""
        self.person.signs.append(self.now)


Does = Callable[[Actor], Awaitable[None]]
"""Something somebody does, in one or several steps; what Samlas has taken of it is kept with the person."""


async def open_home(actor: Actor) -> None:
    """Open the bot's Home."""
    await actor.act(OPENED_HOME)
    actor.has_shown()


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause, on one's own page."""

    until: date

    async def __call__(self, actor: Actor) -> None:
        """Do it."""
        page = (await actor.act("samlas", text="me")).whisper
        opened = await actor.press(page, own.PAUSE)
        if opened is None or opened.form is None:
            return
        kept = await actor.send(opened.form, until=self.until.isoformat())
        if kept.close:
            actor.has_shown()
            actor.person.pauses.append((actor.now, self.until))


async def be_counted_no_more(actor: Actor) -> None:
    """Say *Do not count me*, on one's own page."""
    page = (await actor.act("samlas", text="me")).whisper
    if await actor.press(page, own.UNCOUNT) is not None:
        actor.person.uncounted_at = actor.person.uncounted_at or actor.now


@dataclass(frozen=True, slots=True)
class Press:
    """Press a button of a message as it stands by then."""

    key: str
    action: str

    async def __call__(self, actor: Actor) -> None:
        """Do it."""
        stands = actor.office.platform.standing.get(self.key)
        if stands is None:
            return
        reply = await actor.press(stands.message, self.action, self.key)
        if reply is None:
            return
        if reply.refreshed is not None:
            stands.message = reply.refreshed
        _remember(actor, self.key, self.action)
        if reply.form is not None:
            sent = await actor.send(reply.form)
            if sent.close:
                actor.has_shown()


def _remember(actor: Actor, key: str, action: str) -> None:
    """Keep what a press asked for."""
    person, now = actor.person, actor.now
    moments = {
        NOT_NOW: person.not_now,
        READING_ALONG: person.reading_along,
        lead_cards.SNOOZE: person.cards_snoozed,
        lead_cards.COACH: person.coaches_wanted,
    }
    if action in moments:
        moments[action].append(now)
    match action:
        case _ if action == HELPED:
            person.lively_until = (now + LIVELY_FOR).date()
        case _ if action in (STOP, TIPS_OFF):
            person.stopped.append((now, True))
            if action == STOP and Random(key).random() < STARTS_AGAIN:  # noqa: S311 - a simulation
                actor.later(Press(key, START), 40)
        case _ if action == START:
            person.stopped.append((now, False))
        case _ if action == UNCOUNT:
            person.uncounted_at = person.uncounted_at or now
        case _ if action == cards.LEAD_OUT:
            person.lead_out_at = person.lead_out_at or now


def answers(chance: Random, person: Person, key: str, stands: Stands) -> Iterator[tuple[Does, int]]:
    """Return what somebody will do about a message that reaches them, and in how many days."""
    actions = {button.action for button in buttons_of(stands.message.parts)}
    if READ in actions and chance.random() < READERS[person.habit]:
        yield Press(key, READ), min(int(chance.expovariate(0.5)), 25)
    if UNCOUNT in actions and chance.random() < ANSWERS:
        if person.temper is Temper.DO_NOT_COUNT:
            yield Press(key, UNCOUNT), chance.randint(0, 3)
        elif person.temper is Temper.STOP and chance.random() < 0.2:  # noqa: PLR2004 - most wait for the first tip
            yield Press(key, TIPS_OFF), chance.randint(0, 3)
    if HELPED in actions:
        yield from _to_a_contact(chance, person, key, actions)
    if lead_cards.WILL in actions and chance.random() < ANSWERS:
        yield Press(key, chance.choices(list(LEAD_ANSWERS), list(LEAD_ANSWERS.values()))[0]), chance.randint(0, 3)
    coaching = next((action for action in COACHING_ANSWERS if action in actions), None)
    if coaching is not None:
        declines = coaching == cards.CONFIRM and chance.random() < 0.2  # noqa: PLR2004 - not this time
        yield Press(key, cards.DECLINE if declines else coaching), chance.randint(0, 2)


def _to_a_contact(chance: Random, person: Person, key: str, actions: set[str]) -> Iterator[tuple[Does, int]]:
    if CONFIRM in actions and person.habit is not Habit.SILENT and chance.random() < CONFIRMS:
        yield Press(key, CONFIRM), chance.randint(0, 4)
    if cards.LEAD_OUT in actions and chance.random() < LEADS_OUT:
        yield Press(key, cards.LEAD_OUT), chance.randint(0, 2)
    if chance.random() > ANSWERS:
        return
    days = chance.randint(0, 3)
    match person.temper:
        case Temper.THANKS:
            yield Press(key, HELPED), days
        case Temper.NOT_NOW:
            yield Press(key, NOT_NOW), days
        case Temper.STOP:
            yield Press(key, STOP), days
        case Temper.READING_ALONG if READING_ALONG in actions:
            yield Press(key, READING_ALONG), days
        case Temper.DO_NOT_COUNT:
            yield be_counted_no_more, days
        case Temper.YES_PLEASE if cards.INVITED in actions:
            yield Press(key, cards.INVITED), days


@dataclass(frozen=True, slots=True)
class Announce:
    """Announce something to everybody."""

    title: str
    confirm: bool

    async def __call__(self, actor: Actor) -> None:
        """Do it, from the first word to *Publish*."""
        form = (await actor.act("announce")).form
        given = {
            "title": self.title,
            "text": f"What there is to say about {self.title}.",
            "kind": "news",
            "audience": "everyone:",
            "confirm": YES if self.confirm else "",
        }
        while form is not None:
            publish = next((one for one in buttons_of(form.parts) if one.action == PUBLISH), None)
            if publish is not None:
                await actor.act(PUBLISH, target=publish.target)
                break
            form = (await actor.send(form, **given)).form
        actor.has_shown()


async def go(actor: Actor) -> None:
    """Give the notice to everybody, and let the rounds begin after it."""
    overview = (await actor.act("nudges")).whisper
    await actor.press(overview, GO)


async def turn_third_step_on(actor: Actor) -> None:
    """Let leads be told, after it has been taken up with whoever has a say in it."""
    form = (await actor.act(lead_step.OVERVIEW)).form
    if form is not None:
        await actor.send(form, taken_up=YES)


async def turn_third_step_off(actor: Actor) -> None:
    """Let no lead be told any more."""
    form = (await actor.act(lead_step.OVERVIEW)).form
    if form is not None:
        await actor.send(form)


async def offer_to_coach(actor: Actor) -> None:
    """Register as a coach."""
    form = (await actor.act(offering.COMMAND)).form
    if form is not None:
        await actor.send(form, speaks_sv=YES, speaks_en=YES)
        actor.has_shown()
