"""What this room adds to the program: its handlers, its messages, its chat command and its jobs."""

from datetime import timedelta
from functools import partial

from bot.context import Context, Handlers, Spoken, SpokenByName
from bot.home import HomeSection
from bot.jobs import Jobs
from bot.privacy.erasing import Parting
from bot.texts import Text, text
from bot.topics.interests import KEPT_FOR
from nudges import answers, digest, overview, own, reading_along, remind_now, reminders, welcoming
from nudges.coaching import room as coaching
from nudges.coaching.invitation import invitation_kind
from nudges.comparing import room as comparing
from nudges.contacts import CONTACT, Kinds, compose, settled
from nudges.due import count_due
from nudges.inviting import room as inviting
from nudges.inviting.bringing import INVITE, invite_kind
from nudges.ladder import Step
from nudges.leading import offering as lead_offering
from nudges.leading import room as leading
from nudges.notice import NOTICE, compose_notice, tell_everybody
from nudges.notice import settled as notice_settled
from nudges.planning import plan_round
from nudges.tips import tip_kind
from nudges.told_in_digest import DIGEST
from storage.counting import forget_identities
from storage.interests import forget_learnt

__all__ = [
    "COMMANDS",
    "count_due",
    "handlers",
    "home_handlers",
    "home_sections",
    "jobs",
    "kinds",
    "own_sections",
    "spoken",
    "sweep",
]

# The chat commands of this room, each with one line of help.
COMMANDS: dict[str, Text] = {
    "nudges": text("For communications leads: who may like an invitation"),
    own.SHOW: text("How you take part, what is kept about you, and who has looked"),
    **coaching.COMMANDS,
    **inviting.COMMANDS,
}

# Long after a platform has stopped repeating what it was not thanked for.
IDENTITIES_KEPT = timedelta(days=2)


def kinds() -> Kinds:
    """Return what can be said unasked, by the name of its kind; each is a module of its own."""
    return {
        reminders.REMINDER: reminders.reminder_kind(),
        DIGEST: digest.digest_kind(),
        INVITE: invite_kind(),
        lead_offering.OFFER: lead_offering.offer_kind(),
        **welcoming.welcome_kinds(),
        Step.INVITATION: invitation_kind(),
        Step.TIP: tip_kind(),
    }


def handlers() -> Handlers:
    """Return this room's handlers by action name."""
    return {
        **overview.handlers(),
        **answers.handlers(kinds()),
        **reminders.handlers(kinds()),
        **reading_along.handlers(kinds()),
        **remind_now.handlers(),
        **own.handlers(),
        **coaching.handlers(kinds()),
        **leading.handlers(kinds()),
        **inviting.handlers(kinds()),
        **comparing.handlers(),
    }


def spoken() -> SpokenByName:
    """Return this room's outgoing messages by name."""
    return {
        NOTICE: Spoken(compose_notice, notice_settled),
        CONTACT: Spoken(partial(compose, kinds=kinds()), settled),
        **coaching.spoken(),
        **leading.spoken(),
        **inviting.spoken(),
    }


def home_sections() -> tuple[HomeSection, ...]:
    """Return what this room shows on Home."""
    return (own.section, reading_along.home_section, *coaching.home_sections())


def own_sections() -> tuple[HomeSection, ...]:
    """Return what this room shows to a member on their own page."""
    return (own.section,)


def home_handlers() -> Handlers:
    """Return the handlers of what changes that."""
    return own.home_handlers()


def jobs() -> Jobs:
    """Return what is done because it is time."""
    return {
        "nudges.notice": tell_everybody,
        # What is more important is planned first, and what is less joins its message.
        "nudges.remind_now": partial(remind_now.remind_asked, kinds=kinds()),
        "nudges.reminders": partial(reminders.plan_reminders, kinds=kinds()),
        **inviting.jobs(kinds()),
        "nudges.welcome": partial(welcoming.plan_welcomes, kinds=kinds()),
        "nudges.digest": partial(digest.plan_digests, kinds=kinds()),
        "nudges.round": partial(plan_round, kinds=kinds()),
        # Whom the round has put on a card is named after it.
        **leading.jobs(kinds()),
        **coaching.jobs(),
        **comparing.jobs(),
        "counting.sweep": sweep,
    }


def partings() -> tuple[Parting, ...]:
    """Return what is done before somebody is erased."""
    return coaching.partings()


async def sweep(ctx: Context) -> None:
    """Forget the identities of what happened more than two days ago, and what was learnt of topics long ago."""
    await forget_identities(ctx.session, ctx.workspace_id, before=(ctx.now - IDENTITIES_KEPT).date())
    await forget_learnt(ctx.session, ctx.workspace_id, before=(ctx.now - KEPT_FOR).date())
