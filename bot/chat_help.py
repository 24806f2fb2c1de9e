"""`/samlas`, and what the bot answers to a message written to it: what it does, and how to ask for it."""

from bot.context import PersonContext
from bot.events import Event, Reply
from bot.messages import Field, Fields, Heading, Message, Words


async def samlas(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Say what Samlas does."""
    return Reply(whisper=_help(ctx))


async def wrote_to_bot(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - as above
    """Answer a direct message kindly; it is neither kept nor counted."""
    return Reply(whisper=_help(ctx))


def _help(ctx: PersonContext) -> Message:
    say = ctx.say
    parts = (
        Heading(say("Hello, I am Samlas")),
        Words(
            say("I help people here tell things once, anchor decisions before they are announced, and find each other.")
        ),
        Fields(
            (
                Field("/announce", say("tell something once, in one place")),
                Field("/news", say("everything that has been announced, the unread first")),
                Field("/decision-path", say("how decisions are made here")),
                Field("/decisions", say("what has been decided here")),
                Field("/coach", say("be there for colleagues as a coach; /coach me finds one for you")),
                Field("/invite-in", say("invite a colleague into a conversation; they are asked in private first")),
                Field("/nudges", say("for communications leads: who may like an invitation")),
                Field("/insights", say("how people take part, in charts; and your own page")),
                Field("/samlas me", say("how you take part, what is counted of you, and who has looked")),
                Field("/samlas people", say("for communications leads: people's home teams and calendars")),
                Field("/samlas", say("this help")),
            )
        ),
        Words(say("What you write to me here is seen by nobody and is not counted.")),
    )
    return Message(say("What Samlas does"), parts)
