"""`/news`: the one place to come to. Lists every announcement that this person may see, the unread first."""

from collections.abc import Sequence

from bot.announcements.choices import lead_choices
from bot.announcements.home_post import link_to_post
from bot.announcements.images import shown_picture
from bot.announcements.life import author_name, words_of
from bot.context import Handlers, PersonContext, known
from bot.events import Event, Reply
from bot.messages import Button, Buttons, Divider, Heading, Message, Part, Target, Tone, Words
from bot.taking_part import as_command
from bot.topics.listing import topics_line
from storage.announcements import Listed, list_for_member

MORE = "news.more"
LONGEST_LIST = 10
SHOWN_ON_HOME = 5
# Further down than this one searches.
MOST_LISTED = 1000


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {"news": as_command(news), MORE: more}


async def news(ctx: PersonContext, event: Event) -> Reply:
    """List, or search by the words that follow the command."""
    return await _list(ctx, " ".join(event.text.split()), 0)


async def more(ctx: PersonContext, event: Event) -> Reply:
    """List what comes after what was shown."""
    return await _list(ctx, "", shown_before(event))


def shown_before(event: Event) -> int:
    """Return after how many of a list its next page begins, from the button that leads there."""
    return 0 if event.target is None else max(0, min(event.target.row, MOST_LISTED))


def more_parts(ctx: PersonContext, further: Button, words: str) -> list[Part]:
    """Return the way on from a list that is longer than what was shown of it: searching, and its next page."""
    hint = Words(ctx.say("There is more: add a word or two to search."), Tone.QUIET)
    return [hint] if words or further.target.row > MOST_LISTED else [hint, Buttons((further,))]


async def _list(ctx: PersonContext, words: str, before: int) -> Reply:
    end = before + LONGEST_LIST
    listed = (await list_for_member(ctx.session, ctx.workspace_id, ctx.member, words=words, limit=end + 1))[before:]
    heading = ctx.say("News with “{words}”", words=words) if words else ctx.say("News")
    parts: list[Part] = [Heading(heading)]
    if not listed:
        nothing = (
            ctx.say("Nothing here has these words. {/news} alone lists everything.")
            if words
            else ctx.say("Nothing has been announced yet.")
        )
        parts.append(Words(ctx.say("That was all.") if before else nothing))
    for entry in listed[:LONGEST_LIST]:
        parts.extend([*await entry_parts(ctx, entry), Divider()])
    if len(listed) > LONGEST_LIST:
        parts.extend(more_parts(ctx, Button(ctx.say("Show more"), MORE, Target(end, 1)), words))
    elif listed:
        parts.pop()
    return Reply(whisper=Message(heading, tuple(parts)))


async def entry_parts(ctx: PersonContext, entry: Listed) -> list[Part]:
    """Return one line of the list: its title, who it is from and when, and the way to its post."""
    announcement = entry.announcement
    line = ctx.say(
        "{author}, {day}",
        author=await author_name(ctx, announcement),
        day=ctx.say.day_of(announcement.published_at or announcement.created_at),
    )
    words = await words_of(ctx, announcement)
    title = words.title
    return [
        Words(ctx.say("New to you: {title}", title=title), Tone.STRONG) if entry.is_unread else Words(title),
        Words(line, Tone.QUIET),
        *await topics_line(ctx, announcement),
        *await shown_picture(ctx, announcement, words.alt),
        *await link_to_post(ctx, known(announcement.id), ctx.say("Open the post")),
        *lead_choices(ctx, announcement),
    ]


async def news_section(ctx: PersonContext) -> Sequence[Part]:
    """Show the latest announcements on Home, the unread first."""
    listed = await list_for_member(ctx.session, ctx.workspace_id, ctx.member, limit=SHOWN_ON_HOME)
    parts: list[Part] = [Heading(ctx.say("What is new"))]
    if not listed:
        parts.append(Words(ctx.say("Nothing has been announced yet.")))
    for entry in listed:
        parts.extend(await entry_parts(ctx, entry))
    return parts
