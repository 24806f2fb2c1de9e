"""What the core adds to the program: its handlers, its messages, its chat commands and its jobs."""

from functools import partial

from bot import home
from bot.anchoring import answering, asking, cards, telling, waiting
from bot.announcements import (
    changing,
    choices,
    delivery,
    drafts,
    home_post,
    images,
    news,
    picture,
    posts,
    reading,
    reflex,
    replies,
    scheduling,
    sharing,
    speaking,
    writing,
)
from bot.behalf import answering as approving
from bot.behalf import asking as asking_speaker
from bot.behalf import cards as behalf_cards
from bot.behalf import reminding as behalf_reminding
from bot.behalf import telling as behalf_telling
from bot.behalf import waiting as behalf_waiting
from bot.context import Context, Handlers, Spoken, SpokenByName
from bot.decision_log import exporting as exporting_decisions
from bot.decision_log import listing, reviewing, succeeding
from bot.decisions import editing, path, standing
from bot.insights.summing import sum_up
from bot.jobs import Jobs
from bot.machine import Machine, ThisMachine
from bot.organisation import lead_step, management, naming, settings
from bot.organisation.effect import CountDue
from bot.people import overview as people
from bot.portions import Portion
from bot.privacy import exporting, keeping
from bot.texts import Text, text
from bot.topics import editing as topics
from storage.retention import sweep

# The chat commands of this room, each with one line of help.
COMMANDS: dict[str, Text] = {
    "announce": text("Tell something once, in one place"),
    "decision-path": text("How decisions are made here"),
    "decisions": text("What has been decided here, to look up"),
    "news": text("Everything that has been announced, the unread first"),
    "samlas": text("What Samlas does, and what you can ask of it"),
    people.SHOW: text("For communications leads: people's home teams and calendars"),
}


def handlers() -> Handlers:
    """Return the core's handlers by action name."""
    return {
        **writing.handlers(),
        **reading.handlers(),
        **changing.handlers(),
        **scheduling.handlers(),
        **images.handlers(),
        **reflex.handlers(),
        **news.handlers(),
        **sharing.handlers(),
        **asking.handlers(),
        **answering.handlers(),
        **asking_speaker.handlers(),
        **approving.handlers(),
        **path.handlers(),
        **editing.handlers(),
        **listing.handlers(),
        **exporting_decisions.handlers(),
        **succeeding.handlers(),
        **reviewing.handlers(),
        **settings.handlers(),
        **naming.handlers(),
        **management.handlers(),
        **lead_step.handlers(),
        **people.handlers(),
        **exporting.handlers(),
        **topics.handlers(),
        **replies.handlers(),
    }


def spoken() -> SpokenByName:
    """Return the core's outgoing messages by name."""
    return {
        home_post.POST: Spoken(posts.compose_post, delivery.post_settled),
        posts.COPY: Spoken(posts.compose_copy, ended=delivery.copies_ended, settled_together=delivery.copies_settled),
        posts.QUESTION: Spoken(posts.compose_question, delivery.question_settled),
        posts.QUESTION_TOLD: Spoken(posts.compose_question_told),
        posts.QUESTION_ALONE: Spoken(posts.compose_question_alone),
        picture.PICTURE: Spoken(picture.compose_picture),
        changing.WITHDRAWN_TOLD: Spoken(changing.compose_withdrawn_told),
        drafts.SCHEDULED: Spoken(scheduling.compose_scheduled),
        scheduling.LATE: Spoken(scheduling.compose_late),
        scheduling.NOT_OUT: Spoken(scheduling.compose_not_out),
        choices.DRAFT: Spoken(drafts.compose_draft_card),
        standing.CARD: Spoken(cards.compose_card),
        standing.MET: Spoken(telling.compose_met),
        telling.HEARD: Spoken(telling.compose_heard),
        telling.REMINDER: Spoken(telling.compose_reminder),
        telling.LAPSED: Spoken(telling.compose_lapsed),
        speaking.CARD: Spoken(behalf_cards.compose_card, behalf_waiting.card_settled),
        speaking.WAITING: Spoken(behalf_telling.compose_waiting),
        speaking.ANSWERED: Spoken(behalf_telling.compose_answered),
        behalf_reminding.REMINDER: Spoken(behalf_reminding.compose_reminder),
        behalf_telling.TIME_PASSED: Spoken(behalf_telling.compose_time_passed),
        reviewing.REVIEW: Spoken(reviewing.compose_review),
        path.PATH: Spoken(path.compose_path),
        telling.PUBLISHED: Spoken(telling.compose_published),
    }


def home_sections() -> tuple[home.HomeSection, ...]:
    """Return what the core shows on Home, from the top."""
    return (
        answering.waiting_section,
        approving.waiting_section,
        news.news_section,
        drafts.own_section,
        path.leads_section,
        settings.section,
    )


def home_handlers(count_due: CountDue | None = None) -> Handlers:
    """Return the handlers of what changes Home; `count_due` says whom the nudges would reach under other settings."""
    return {
        **settings.home_handlers(count_due),
        **naming.home_handlers(),
        **management.home_handlers(),
        **lead_step.home_handlers(),
        **topics.home_handlers(),
    }


def jobs() -> Jobs:
    """Return what the core does because it is time."""
    return {
        "announcements.due": scheduling.publish_due,
        "announcements.unfinished": delivery.finish_publishing,
        "anchoring.waiting": waiting.remind_and_lapse,
        "behalf.waiting": behalf_waiting.look_after,
        "behalf.reminders": behalf_reminding.remind,
        "decisions.path": path.tell_managers,
        "decisions.reviews": reviewing.ask_owners,
        "insights.sum_up": sum_up,
        "sending.sweep": partial(sweep_settled, Portion(), ThisMachine()),
        "counts.sweep": partial(keeping.sum_up, Portion(), ThisMachine()),
    }


async def sweep_settled(portion: Portion, machine: Machine, ctx: Context) -> bool:
    """Forget what was sent long ago, a portion of it; returns whether there may be more."""
    began, size = machine.monotonic(), portion.size
    rows = await sweep(ctx.session, ctx.workspace_id, ctx.now, at_once=size)
    portion.took(machine.monotonic() - began, rows=rows)
    return rows >= size
