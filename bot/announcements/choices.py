"""What can be done with an announcement that is no draft any more, as the buttons that offer it.

changing.py and scheduling.py answer.
"""

from bot.context import PersonContext, known
from bot.messages import Button, Buttons, Style, Target
from bot.texts import Voice
from storage.tables import Announcement, AnnouncementState, BehalfRequest

# The card of a saved draft; drafts.py makes it.
DRAFT = "announcement.draft"

AMEND = "announcement.amend"
WITHDRAW = "announcement.withdraw"
DUPLICATE = "announcement.duplicate"
# Of an open proposal; bot/decision_log/succeeding.py answers.
BECOME = "decision_log.become"
# Of one that is scheduled; scheduling.py answers.
PUBLISH_SCHEDULED = "announcement.publish_scheduled"
UNSCHEDULE = "announcement.unschedule"
CANCEL = "announcement.cancel"
# Of one that waits for the person it is written for; bot/behalf answers.
TAKE_UP = "behalf.take_up"


def author_choices(announcement: Announcement, say: Voice) -> Buttons:
    """Return what an author can do with what they have published or scheduled, as far as its state allows it."""
    target = Target(known(announcement.id), announcement.version)
    edit = Button(say("Edit"), AMEND, target, opens_form=True)
    withdraw = Button(say("Withdraw"), WITHDRAW, target, Style.DANGER, opens_form=True)
    duplicate = Button(say("Duplicate"), DUPLICATE, target, opens_form=True)
    match AnnouncementState(announcement.state):
        case AnnouncementState.SCHEDULED:
            question = say("Cancel it? It will not go out.")
            return Buttons(
                (
                    Button(say("Publish now"), PUBLISH_SCHEDULED, target, Style.PRIMARY),
                    Button(say("Edit"), UNSCHEDULE, target, opens_form=True),
                    Button(say("Cancel"), CANCEL, target, Style.DANGER, question),
                )
            )
        case AnnouncementState.PUBLISHING | AnnouncementState.PUBLISHED:
            return Buttons((edit, duplicate, withdraw))
        case _:
            return Buttons((duplicate,))


def make_it_the_decision(announcement: Announcement, say: Voice) -> Button:
    """Return the way from an open proposal to the decision."""
    target = Target(known(announcement.id), announcement.version)
    return Button(say("Make it the decision"), BECOME, target, opens_form=True)


def take_up_button(request: BehalfRequest, say: Voice) -> Button:
    """Return the way back to what waits for somebody's yes, to change it."""
    return Button(say("Edit"), TAKE_UP, Target(known(request.announcement_id), request.revision), opens_form=True)


def lead_choices(ctx: PersonContext, announcement: Announcement) -> list[Buttons]:
    """Return what a communications lead, or the person it speaks for, can do with what somebody else has published."""
    may = ctx.member.is_communications_lead or announcement.behalf_of_id == ctx.member_id
    if not may or announcement.author_id == ctx.member_id:
        return []
    target = Target(known(announcement.id), announcement.version)
    return [Buttons((Button(ctx.say("Withdraw"), WITHDRAW, target, Style.DANGER, opens_form=True),))]
