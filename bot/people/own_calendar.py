"""A member's own calendar, in a form of their own: when they work, where, and until when they are away."""

from bot.context import PersonContext
from bot.errors import BadInput, Refused, Stale
from bot.events import Event
from bot.forms import Form, read
from bot.messages import Target, Tone, Words
from bot.organisation.naming import CHANGED_MEANWHILE
from bot.people.calendar_form import calendar_fields, calendar_stamp, read_calendar
from bot.people.keeping import keep_calendar
from bot.texts import text
from storage.home_teams import hold_person

CALENDAR = "own.calendar"
KEPT = "own.calendar_kept"


def own_calendar_form(ctx: PersonContext, event: Event) -> Form:
    """Return the form as the member's calendar stands.

    Raises Refused under somebody else's button.
    """
    if event.target is None or event.target.row != ctx.member_id:
        raise Refused(text("This is somebody else's, so its buttons do nothing here."))
    say = ctx.say
    means = say(
        "Tips and reminders come within your working hours, never on your public holidays, and nobody calls you quiet"
        " for days on which you do not work."
    )
    stays = say("What you set here stays, whatever a list of people says later.")
    parts = (Words(means), Words(stays, Tone.QUIET), *calendar_fields(ctx.member, ctx.settings, say))
    target = Target(ctx.member_id, calendar_stamp(ctx.member))
    return Form(KEPT, target, say("My calendar"), parts, say("Keep"), say("Cancel"))


async def keep_own_calendar(ctx: PersonContext, event: Event) -> str:
    """Keep what a member says of their own calendar, and return what is said to that.

    Raises Refused as `own_calendar_form` does, Stale with the fresh form when it was changed meanwhile, and BadInput
    with a sentence at each field that cannot be used.
    """
    await hold_person(ctx.session, ctx.workspace_id, ctx.member_id)
    form = own_calendar_form(ctx, event)
    if event.target != form.target:
        raise Stale(CHANGED_MEANWHILE, form=form)
    calendar, wrong = read_calendar(read(form, event.values), ctx.settings)
    if wrong:
        raise BadInput(wrong, form.holding(event.values))
    await keep_calendar(ctx, ctx.member, calendar)
    return ctx.say("Your calendar is kept.")
