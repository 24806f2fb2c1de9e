"""What the core adds to the program: its handlers, its messages, its chat commands and its jobs."""

from bot import home
from bot.announcements import news, picture, posts, reading, writing
from bot.announcements.delivery import copy_settled
from bot.chat_help import samlas, wrote_to_bot
from bot.context import Handlers, Spoken, SpokenByName
from bot.decisions import anchoring
from bot.intake import REACTED_TO_US, REPLIED_TO_US, WROTE_TO_BOT
from bot.jobs import Jobs
from bot.taking_part import as_command
from bot.texts import Text, text

# The chat commands of this room, each with one line of help.
COMMANDS: dict[str, Text] = {
    "announce": text("Tell something once, in one place"),
    "news": text("Everything that has been announced, the unread first"),
    "samlas": text("What Samlas does, and what you can ask of it"),
}


def handlers() -> Handlers:
    """Return the core's handlers by action name."""
    return {
        "announce": as_command(writing.announce),
        "news": as_command(news.news),
        "samlas": as_command(samlas),
        "announcement.compose": writing.compose,
        "decision.checklist": writing.checklist,
        "announcement.edit": writing.edit,
        "announcement.save": writing.save,
        "announcement.publish": writing.publish,
        "announcement.publish_anyway": writing.publish_anyway,
        "announcement.propose": writing.propose,
        "announcement.read": reading.read,
        "announcement.not_relevant": reading.not_relevant,
        "announcement.undo": reading.undo,
        "announcement.ask": reading.ask,
        "announcement.question": reading.question,
        REPLIED_TO_US: reading.replied,
        REACTED_TO_US: reading.reacted,
        WROTE_TO_BOT: wrote_to_bot,
        "anchoring.ask": anchoring.ask,
        "anchoring.look": anchoring.look,
        "anchoring.anchored": anchoring.anchored,
        "anchoring.concern": anchoring.concern,
        "anchoring.concern_told": anchoring.concern_told,
        "anchoring.meeting": anchoring.meeting,
    }


def spoken() -> SpokenByName:
    """Return the core's outgoing messages by name."""
    return {
        posts.POST: Spoken(posts.compose_post),
        posts.COPY: Spoken(posts.compose_copy, copy_settled),
        posts.QUESTION: Spoken(posts.compose_question),
        posts.QUESTION_TOLD: Spoken(posts.compose_question_told),
        picture.PICTURE: Spoken(picture.compose_picture),
        writing.DRAFT: Spoken(writing.compose_draft_card),
        anchoring.CARD: Spoken(anchoring.compose_card),
        anchoring.HEARD: Spoken(anchoring.compose_heard),
        anchoring.MET: Spoken(anchoring.compose_met),
    }


def home_sections() -> tuple[home.HomeSection, ...]:
    """Return what the core shows on Home, from the top."""
    return (home.waiting_section, home.news_section, home.own_section)


def jobs() -> Jobs:
    """Return what the core does because it is time: nothing yet."""
    return {}
