"""`/news`: the one place to come to. Lists every announcement that this person may see, the unread first."""

from collections.abc import Sequence

from bot.announcements.choices import lead_choices
from bot.announcements.home_post import link_to_post
from bot.announcements.images import shown_picture
from bot.announcements.life import author_name, words_of
from bot.announcements.paging import LONGEST_LIST, Page, first_page, further, next_page, ways_on
from bot.context import Handlers, PersonContext, known
from bot.events import Event, Reply
from bot.messages import Buttons, Divider, Heading, Message, Part, Tone, Words
from bot.taking_part import as_command
from bot.topics.listing import topics_line
from storage.news import Listed, list_for_member

MORE = "news.more"
SHOWN_ON_HOME = 5


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {"news": as_command(news), MORE: more}


async def news(ctx: PersonContext, event: Event) -> Reply:
    """List, or search by the words that follow the command."""
    return await _list(ctx, first_page(event))


async def more(ctx: PersonContext, event: Event) -> Reply:
    """List what comes after what was shown."""
    return await _list(ctx, await next_page(ctx, event))


async def _list(ctx: PersonContext, page: Page) -> Reply:
    words = page.words
    listed = await list_for_member(ctx.session, ctx.workspace_id, ctx.member, words=words, limit=page.end + 1)
    listed = listed[page.before :]
    heading = ctx.say("News with “{words}”", words=words) if words else ctx.say("News")
    parts: list[Part] = [Heading(heading)]
    if not listed:
        nothing = (
            ctx.say("Nothing here has these words. {/news} alone lists everything.")
            if words
            else ctx.say("Nothing has been announced yet.")
        )
        parts.append(Words(ctx.say("That was all.") if page.before else nothing))
    for entry in listed[:LONGEST_LIST]:
        parts.extend([*await entry_parts(ctx, entry), Divider()])
    if len(listed) > LONGEST_LIST:
        parts.extend(await ways_on(ctx, MORE, page))
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
    """Show the latest announcements on Home, the unread first, and the way on to the others."""
    listed = await list_for_member(ctx.session, ctx.workspace_id, ctx.member, limit=SHOWN_ON_HOME + 1)
    parts: list[Part] = [Heading(ctx.say("What is new"))]
    if not listed:
        parts.append(Words(ctx.say("Nothing has been announced yet.")))
    for entry in listed[:SHOWN_ON_HOME]:
        parts.extend(await entry_parts(ctx, entry))
    if len(listed) > SHOWN_ON_HOME:
        parts.append(Buttons((further(ctx, MORE, SHOWN_ON_HOME),)))
    return parts
