"""The bot's Home: one page per person, added up from what each room has to show there."""

from collections.abc import Awaitable, Callable, Sequence

from bot.announcements.forms import target_of
from bot.announcements.life import author_name
from bot.announcements.news import entry_parts
from bot.announcements.posts import POST
from bot.context import Handler, PersonContext, known
from bot.events import Event, Reply
from bot.messages import Button, Buttons, Divider, Heading, Link, Message, Part, Target, Tone, Words
from bot.taking_part import count
from storage.announcements import drafts_of, find_announcement, list_for_member, published_by
from storage.decisions import requests_waiting_for
from storage.outbox import find_posted
from storage.tables import Kind

HomeSection = Callable[[PersonContext], Awaitable[Sequence[Part]]]
"""One part of Home; empty when it has nothing to show this person."""

NEWS_SHOWN = 5
OWN_SHOWN = 5


def opened_home(sections: Sequence[HomeSection]) -> Handler:
    """Return the handler that shows Home; opening it is a sign of taking part."""

    async def show(ctx: PersonContext, event: Event) -> Reply:
        await count(ctx, event, Kind.HOME)
        title = ctx.say("Samlas: what is new, and what waits for you")
        parts: list[Part] = []
        for section in sections:
            found = await section(ctx)
            if found:
                parts.extend([*found, Divider()])
        parts.append(Words(ctx.say("Ask for /samlas to see what I can do."), Tone.QUIET))
        return Reply(home=Message(title, tuple(parts)))

    return show


async def news_section(ctx: PersonContext) -> Sequence[Part]:
    """Show the latest announcements, the unread first."""
    listed = await list_for_member(ctx.session, ctx.workspace_id, ctx.member, limit=NEWS_SHOWN)
    parts: list[Part] = [Heading(ctx.say("What is new"))]
    if not listed:
        parts.append(Words(ctx.say("Nothing has been announced yet.")))
    for entry in listed:
        parts.extend(await entry_parts(ctx, entry))
    return parts


async def waiting_section(ctx: PersonContext) -> Sequence[Part]:
    """Show the anchoring requests that wait for this member of the management group."""
    parts: list[Part] = []
    for request in await requests_waiting_for(ctx.session, ctx.workspace_id, ctx.member_id):
        draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
        if draft is None:
            continue
        author = await author_name(ctx, draft)
        target = Target(known(request.id), request.revision)
        parts.append(Words(ctx.say("{author} asks: is “{title}” anchored with you?", author=author, title=draft.title)))
        parts.append(Buttons((Button(ctx.say("Read and answer"), "anchoring.look", target),)))
    return [Heading(ctx.say("Waiting for your answer")), *parts] if parts else []


async def own_section(ctx: PersonContext) -> Sequence[Part]:
    """Show this person's drafts and latest announcements."""
    drafts = [
        draft for draft in await drafts_of(ctx.session, ctx.workspace_id, ctx.member_id) if draft.title or draft.text
    ]
    published = await published_by(ctx.session, ctx.workspace_id, ctx.member_id, limit=OWN_SHOWN)
    parts: list[Part] = []
    for draft in drafts[:OWN_SHOWN]:
        parts.append(Words(ctx.say("Draft: {title}", title=draft.title)))
        parts.append(Buttons((Button(ctx.say("Continue"), "announcement.edit", target_of(draft)),)))
    for announcement in published:
        parts.append(Words(announcement.title))
        post = await find_posted(ctx.session, ctx.workspace_id, POST, known(announcement.id))
        if post is not None and post.link is not None:
            parts.append(Link(ctx.say("Open the post"), post.link))
    return [Heading(ctx.say("Yours")), *parts] if parts else []
