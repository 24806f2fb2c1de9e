"""The one way in: an event finds its handler by action name and runs in one transaction.

The event's identity is written in that transaction, so the same thing told twice acts once, also after a crash. What
takes a long look to answer is looked at when that has been committed, so that it holds nobody up who writes.
"""

from dataclasses import replace
from datetime import date

import structlog

from bot.clock import Clock
from bot.command_words import SLASHED, WaysToWrite
from bot.context import Handlers, LongLook, PersonContext, person_context_for
from bot.errors import BadInput, SamlasError, Stale
from bot.events import Event, Reply, whisper
from bot.messages import Tone, Words
from bot.texts import Voice
from storage.counting import note_sign, remember
from storage.database import Database, Session
from storage.errors import Collided
from storage.people import get_member, member_or_stub
from storage.tables import MemberState
from storage.workspaces import find_workspace, get_workspace

log = structlog.get_logger()

TRIES = 3


class Dispatcher:
    """Calls the handler that an event asks for, and turns refusals into sentences."""

    def __init__(self, database: Database, clock: Clock, handlers: Handlers, ways: WaysToWrite = SLASHED) -> None:
        """Know the handlers of all rooms, by action name, and how each platform has commands written."""
        self._database = database
        self._clock = clock
        self._handlers = handlers
        self._ways = ways

    async def handle(self, event: Event) -> Reply:
        """Run the event's handler and return what the adapter is to show.

        What the database ended in favour of somebody else's act is done again. Raises what a handler fails with.
        """
        for _ in range(TRIES - 1):
            try:
                return await self._handle(event)
            except Collided:
                log.warning("event.collided", action=event.action)
        return await self._handle(event)

    async def _handle(self, event: Event) -> Reply:
        """Run the event's handler once.

        A refusal rolls everything back and becomes a whisper (or errors by field) in the person's language; a press
        that comes too late is a sign all the same. An event of an unknown workspace, of someone who has left, or one
        that was handled before, does nothing.
        """
        say: Voice | None = None
        sign: tuple[int, int, date] | None = None
        try:
            async with self._database.begin() as session:
                workspace = await find_workspace(session, event.workspace.platform, event.workspace.external_id)
                if workspace is None or workspace.id is None:
                    log.warning("event.unknown_workspace", platform=event.workspace.platform, action=event.action)
                    return Reply()
                now = self._clock.now()
                member = await member_or_stub(session, workspace.id, event.person, now)
                if member.is_bot or member.state == MemberState.LEFT:
                    log.warning("event.not_a_member", workspace=workspace.id, member=member.id, action=event.action)
                    return Reply()
                ctx = person_context_for(session, now, workspace, member, self._ways)
                say = ctx.say
                sign = (workspace.id, ctx.member_id, now.date())
                event = _most_specific(self._handlers, event)
                handler = self._handlers.get(event.action)
                if handler is None:
                    log.warning("event.unknown_action", workspace=workspace.id, action=event.action)
                    return whisper(say("That button belongs to an older version of Samlas and does nothing now."))
                if not await remember(session, workspace.id, event.identity, now.date()):
                    return Reply()
                answer = await handler(ctx, event)
            log.info("event.handled", workspace=workspace.id, action=event.action)
            return answer if isinstance(answer, Reply) else await self._look(ctx, answer)
        except SamlasError as refusal:
            if say is None or sign is None:
                raise
            log.info("event.refused", action=event.action, why=type(refusal).__name__)
            if isinstance(refusal, Stale) and event.target is not None:
                # What they pressed was theirs to press a moment ago.
                async with self._database.begin() as session:
                    await note_sign(session, *sign)
            return _told(refusal, say)

    async def _look(self, before: PersonContext, look: LongLook) -> Reply:
        """Look in a transaction that only reads, and write what came of it in a short one of its own."""
        async with self._database.read() as session:
            found = await look(await self._again(session, before))
        async with self._database.begin() as session:
            await found.write(await self._again(session, before))
        return found.reply

    async def _again(self, session: Session, before: PersonContext) -> PersonContext:
        """Return the same person's surroundings as they are by now."""
        workspace = await get_workspace(session, before.workspace_id)
        member = await get_member(session, before.workspace_id, before.member_id)
        return person_context_for(session, before.now, workspace, member, self._ways)


def _most_specific(handlers: Handlers, event: Event) -> Event:
    """Return a command's event as its longest handler's: "/samlas me" is "samlas me" where there is one.

    What follows stays its text.
    """
    longest = max((name.count(" ") for name in handlers), default=0)
    for count in range(longest, 0, -1):
        words = event.text.split(maxsplit=count)
        name = " ".join([event.action, *words[:count]]).lower()
        if len(words) >= count and name in handlers:
            return replace(event, action=name, text=" ".join(words[count:]))
    return event


def _told(refusal: SamlasError, say: Voice) -> Reply:
    """Return a refusal in the person's language, with what it has to show for it."""
    match refusal:
        case BadInput():
            errors = {key: say.say(sentence) for key, sentence in refusal.by_field.items()}
            return Reply(errors=errors, form=refusal.form)
        case Stale(form=form):
            sentence = say.say(refusal.sentence)
            if form is not None:
                # A whisper stands behind a form that stays open.
                form = replace(form, parts=(Words(sentence, Tone.STRONG), *form.parts))
            return replace(whisper(sentence), form=form, refreshed=refusal.refreshed)
        case _:
            return whisper(say.say(refusal.sentence))
