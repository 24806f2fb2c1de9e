"""A decision is looked at again on the day that its owner gave: keep it, change it, or withdraw it."""

from datetime import date

from bot.announcements.forms import compose_form
from bot.announcements.home_post import link_to_post
from bot.announcements.life import words_of
from bot.announcements.publishing import refresh_decision
from bot.calendars import calendar_of_organisation
from bot.context import Context, Handlers, PersonContext, known
from bot.decision_log.query import STATUSES
from bot.decision_log.succeeding import GONE, successor
from bot.errors import BadInput, Refused, Stale
from bot.events import Event, Reply
from bot.forms import DayField, Form, TextField, read
from bot.messages import Button, Buttons, Message, Part, Style, Target, Tone, Words
from bot.texts import text
from storage.decision_log import Logged, decisions_to_review, find_logged
from storage.decisions import keep_until, note_review_asked, withdraw_decision
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.people import get_member, present_members
from storage.tables import DecisionStatus, MemberState, Outbox

REVIEW = "decision_log.review"

KEEP = "decision_log.keep"
KEPT = "decision_log.kept"
CHANGE = "decision_log.change"
WITHDRAW = "decision_log.withdraw"
WITHDRAWN = "decision_log.withdrawn"

LONGEST_WHY = 300
_STANDS = (DecisionStatus.PROPOSED, DecisionStatus.DECIDED)


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {KEEP: keep, KEPT: kept, CHANGE: change, WITHDRAW: withdraw, WITHDRAWN: withdrawn}


async def ask_owners(ctx: Context) -> None:
    """Ask the owner of each decision whose day has come; of somebody who has left, the communications leads."""
    calendar = calendar_of_organisation(ctx.settings)
    if not calendar.is_working_at(ctx.now):
        return
    today = calendar.local_day(ctx.now)
    for one in await decisions_to_review(ctx.session, ctx.workspace_id, today):
        if not await note_review_asked(ctx.session, ctx.workspace_id, known(one.decision.id), today):
            continue
        for member_id in await _owners(ctx, one):
            await say_to_member(
                ctx.session,
                ctx.workspace_id,
                member_id,
                REVIEW,
                known(one.announcement.id),
                now=ctx.now,
                urgency=Urgency.WORK_CARD,
                once=f"{REVIEW}:{one.announcement.id}:{today}:{member_id}",
                resend_if_unknown=True,
            )


async def compose_review(ctx: Context, row: Outbox) -> Message | None:
    """Make an owner's card; None when the decision does not stand any more by its turn."""
    logged = await find_logged(ctx.session, ctx.workspace_id, None, row.subject_id)
    if logged is None or (row.posted_id is None and logged.status not in _STANDS):
        return None
    return await _card(ctx, logged)


async def keep(ctx: PersonContext, event: Event) -> Reply:
    """Ask when to look at it the next time."""
    return Reply(form=_keep_form(ctx, await _owned(ctx, event)))


async def kept(ctx: PersonContext, event: Event) -> Reply:
    """Keep the decision, until the day that was given."""
    logged = await _owned(ctx, event)
    form = _keep_form(ctx, logged)
    given = read(form, event.values)["day"]
    day = date.fromisoformat(given) if given else None
    if day is not None and day <= calendar_of_organisation(ctx.settings).local_day(ctx.now):
        raise BadInput({"day": text("Please give a day that is still to come.")}, form.holding(event.values))
    await keep_until(ctx.session, ctx.workspace_id, known(logged.decision.id), day)
    return await _done(ctx, logged)


async def change(ctx: PersonContext, event: Event) -> Reply:
    """Open the draft of a new decision, with what this one says, whose place it will take."""
    return Reply(form=await compose_form(ctx, await successor(ctx, await _owned(ctx, event))))


async def withdraw(ctx: PersonContext, event: Event) -> Reply:
    """Ask why it does not stand any more."""
    return Reply(form=_withdraw_form(ctx, await _owned(ctx, event)))


async def withdrawn(ctx: PersonContext, event: Event) -> Reply:
    """Record that the decision does not stand any more; its post says so, and why."""
    logged = await _owned(ctx, event)
    why = " ".join(read(_withdraw_form(ctx, logged), event.values)["why"].split())
    await withdraw_decision(ctx.session, ctx.workspace_id, known(logged.decision.id), why)
    await refresh_decision(ctx, known(logged.announcement.id))
    return await _done(ctx, logged)


async def _done(ctx: PersonContext, before: Logged) -> Reply:
    announcement_id = known(before.announcement.id)
    await refresh_posted(ctx.session, ctx.workspace_id, REVIEW, announcement_id, now=ctx.now)
    logged = await find_logged(ctx.session, ctx.workspace_id, None, announcement_id)
    return Reply(close=True, refreshed=None if logged is None else await _card(ctx, logged))


async def _owned(ctx: PersonContext, event: Event) -> Logged:
    """Return the decision under a button, for its author, or a communications lead once its author has left.

    Raises Refused for anybody else, and Stale with the card as it stands now when the decision does not stand any more.
    """
    logged = None
    if event.target is not None:
        logged = await find_logged(ctx.session, ctx.workspace_id, None, event.target.row)
    if logged is None or ctx.member_id not in await _owners(ctx, logged):
        raise Refused(GONE)
    if logged.status not in _STANDS:
        raise Stale(text("This decision does not stand any more."), refreshed=await _card(ctx, logged))
    return logged


async def _owners(ctx: Context, one: Logged) -> list[int]:
    author = await get_member(ctx.session, ctx.workspace_id, one.announcement.author_id)
    if author.state != MemberState.LEFT:
        return [known(author.id)]
    people = await present_members(ctx.session, ctx.workspace_id)
    return [known(member.id) for member in people if member.is_communications_lead]


async def _card(ctx: Context, logged: Logged) -> Message:
    title = (await words_of(ctx, logged.announcement)).title
    link = await link_to_post(ctx, known(logged.announcement.id), ctx.say("Open the post"))
    if logged.status not in _STANDS:
        sentence = ctx.say("“{title}” has been looked at again: {status}.", title=title, status=STATUSES[logged.status])
        return Message(sentence, (Words(sentence), *link))
    if logged.decision.review_asked_on is None:
        day = logged.decision.review_on
        sentence = (
            ctx.say("“{title}” is kept.", title=title)
            if day is None
            else ctx.say("“{title}” is kept, and looked at again on {day}.", title=title, day=day)
        )
        return Message(sentence, (Words(sentence), *link))
    sentence = ctx.say("Today “{title}” is to be looked at again. Does it still hold?", title=title)
    target = _target(logged)
    parts: list[Part] = [
        Words(sentence, Tone.STRONG),
        *link,
        Buttons(
            (
                Button(ctx.say("Keep it"), KEEP, target, Style.PRIMARY),
                Button(ctx.say("Change it"), CHANGE, target),
                Button(ctx.say("Withdraw it"), WITHDRAW, target),
            )
        ),
    ]
    return Message(sentence, tuple(parts))


def _keep_form(ctx: PersonContext, logged: Logged) -> Form:
    return Form(
        KEPT,
        _target(logged),
        ctx.say("Keep it"),
        (DayField("day", ctx.say("When to look at it again"), hint=ctx.say("Leave it open to be asked no more.")),),
        ctx.say("Keep it"),
        ctx.say("Cancel"),
    )


def _withdraw_form(ctx: PersonContext, logged: Logged) -> Form:
    return Form(
        WITHDRAWN,
        _target(logged),
        ctx.say("Withdraw it"),
        (
            TextField(
                "why",
                ctx.say("Why does it not hold any more?"),
                hint=ctx.say("It stands on the post, in one line."),
                required=True,
                max_length=LONGEST_WHY,
            ),
        ),
        ctx.say("Withdraw it"),
        ctx.say("Cancel"),
    )


def _target(logged: Logged) -> Target:
    return Target(known(logged.announcement.id), logged.announcement.version)
