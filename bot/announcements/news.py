"""`/news`: the one place to come to. Lists every announcement that this person may see, the unread first."""

from bot.announcements.life import author_name
from bot.announcements.posts import POST
from bot.context import Context, PersonContext, known
from bot.events import Event, Reply
from bot.messages import Divider, Heading, Link, Message, Part, Tone, Words
from storage.announcements import Listed, list_for_member
from storage.outbox import find_posted

LONGEST_LIST = 10


async def news(ctx: PersonContext, event: Event) -> Reply:
    """List, or search by the words that follow the command."""
    words = " ".join(event.text.split())
    listed = await list_for_member(ctx.session, ctx.workspace_id, ctx.member, words=words, limit=LONGEST_LIST + 1)
    heading = ctx.say("News with “{words}”", words=words) if words else ctx.say("News")
    parts: list[Part] = [Heading(heading)]
    if not listed:
        nothing = (
            ctx.say("Nothing here has these words. /news alone lists everything.")
            if words
            else ctx.say("Nothing has been announced yet.")
        )
        parts.append(Words(nothing))
    for entry in listed[:LONGEST_LIST]:
        parts.extend([*await entry_parts(ctx, entry), Divider()])
    if len(listed) > LONGEST_LIST:
        parts.append(Words(ctx.say("There is more: add a word or two to search."), Tone.QUIET))
    elif listed:
        parts.pop()
    return Reply(whisper=Message(heading, tuple(parts)))


async def entry_parts(ctx: Context, entry: Listed) -> list[Part]:
    """Return one line of the list: its title, who it is from and when, and the way to its post."""
    announcement = entry.announcement
    line = ctx.say(
        "{author}, {day}",
        author=await author_name(ctx, announcement),
        day=ctx.say.day_of(announcement.published_at or announcement.created_at),
    )
    title = ctx.say("New to you: {title}", title=announcement.title) if entry.is_unread else announcement.title
    parts: list[Part] = [
        Words(title, Tone.STRONG if entry.is_unread else Tone.PLAIN),
        Words(line, Tone.QUIET),
    ]
    post = await find_posted(ctx.session, ctx.workspace_id, POST, known(announcement.id))
    if post is not None and post.link is not None:
        parts.append(Link(ctx.say("Open the post"), post.link))
    return parts
