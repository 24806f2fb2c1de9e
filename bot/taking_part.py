"""Counting from within a handler's transaction: commands, reads, questions. Messages go through the counter."""

from datetime import datetime

from bot.context import Handler, LongLook, PersonContext
from bot.events import Event, Reply
from storage.counting import count_one, take_back_one
from storage.people import find_channel
from storage.tables import Kind


async def count(ctx: PersonContext, event: Event, kind: Kind) -> None:
    """Count one sign of the event's person, in the channel where it happened."""
    await count_one(ctx.session, ctx.workspace_id, ctx.member_id, await _channel_id(ctx, event), ctx.now.date(), kind)


async def take_back(ctx: PersonContext, event: Event, kind: Kind, counted_at: datetime) -> None:
    """Take back one sign that `count` counted at that moment."""
    await take_back_one(
        ctx.session, ctx.workspace_id, ctx.member_id, await _channel_id(ctx, event), counted_at.date(), kind
    )


def as_command(handler: Handler) -> Handler:
    """Return the handler of a chat command, which is counted as one."""

    async def counted(ctx: PersonContext, event: Event) -> Reply | LongLook:
        await count(ctx, event, Kind.COMMAND)
        return await handler(ctx, event)

    return counted


async def _channel_id(ctx: PersonContext, event: Event) -> int | None:
    if event.place.channel is None:
        return None
    channel = await find_channel(ctx.session, ctx.workspace_id, event.place.channel)
    return channel.id if channel is not None else None
