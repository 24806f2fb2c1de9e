"""The way to the whole of a message that a platform had to shorten: a button under it opens all of it."""

from bot.context import Handler, PersonContext, SpokenByName, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.forms import Form
from bot.messages import Buttons, Target
from bot.texts import text
from storage.outbox import Urgency, posted_at_place, posted_to_member
from storage.tables import Outbox

# The action of the button that a renderer puts under what it has shortened. It is about the message it stands under.
WHOLE = "message.whole"


def show_whole(spoken: SpokenByName) -> Handler:
    """Return the handler that makes a standing message anew and opens it as a form, without its buttons."""

    async def show(ctx: PersonContext, event: Event) -> Reply:
        gone = Refused(text("This message is not there any more."))
        place = event.place
        if place.message is None:
            raise gone
        if place.channel is not None:
            posted = await posted_at_place(ctx.session, ctx.workspace_id, place.channel, place.message)
        else:
            posted = await posted_to_member(ctx.session, ctx.workspace_id, ctx.member_id, place.message)
        if posted is None or posted.message not in spoken:
            raise gone
        row = Outbox(
            workspace_id=ctx.workspace_id,
            message=posted.message,
            subject_id=posted.subject_id,
            member_id=posted.member_id,
            posted_id=known(posted.id),
            priority=Urgency.ANSWER,
            delivery_id="",
            created_at=ctx.now,
            not_before=ctx.now,
        )
        message = await spoken[posted.message].compose(ctx, row)
        if message is None:
            raise gone
        parts = tuple(part for part in message.parts if not isinstance(part, Buttons))
        return Reply(form=Form(WHOLE, Target(known(posted.id), 0), ctx.say("All of it"), parts, None, ctx.say("Close")))

    return show
