"""Putting a decision to the management group: first because its author asks, and again when the text was changed.

What the group is shown and answers is in bot/anchoring; writing (bot/announcements) and asking both come here.
"""

from collections.abc import Sequence

from bot.context import Context, known
from bot.decisions.standing import CARD
from storage.anchoring import add_anchoring_request, anchoring_requests_about
from storage.outbox import Urgency, say_to_member
from storage.people import management_group
from storage.tables import AnchoringState, Announcement, AnnouncementKind, AnnouncementState


async def group_for(ctx: Context, draft: Announcement) -> Sequence[int]:
    """Return the row ids of those who can be asked about a draft: the management group without whom it comes from.

    Neither its author nor the person on whose behalf it is written has a vote (PRODUCT chapter 2, "Anchoring request").
    """
    return [
        known(member.id)
        for member in await management_group(ctx.session, ctx.workspace_id)
        if member.id not in (draft.author_id, draft.behalf_of_id)
    ]


async def put_to_group(ctx: Context, draft: Announcement, group: Sequence[int], *, publish_when_met: bool) -> None:
    """Ask these members whether a draft is anchored with them, as it stands now."""
    request_id = await add_anchoring_request(
        ctx.session,
        ctx.workspace_id,
        draft,
        rule=ctx.settings.anchoring_rule,
        publish_when_met=publish_when_met,
        asked=group,
        now=ctx.now,
    )
    for member_id in group:
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            member_id,
            CARD,
            request_id,
            now=ctx.now,
            urgency=Urgency.WORK_CARD,
            once=f"{CARD}:{request_id}:{member_id}",
            resend_if_unknown=True,
        )


async def ask_again(ctx: Context, draft: Announcement) -> int:
    """Put a draft to the group again when it says something else than what they were asked; returns how many were.

    Nobody is asked again about what has lapsed: whether it still matters is for its author to say.
    """
    if draft.kind != AnnouncementKind.DECISION or draft.state != AnnouncementState.DRAFT:
        return 0
    requests = await anchoring_requests_about(ctx.session, ctx.workspace_id, known(draft.id))
    if not requests or requests[-1].revision == draft.revision or requests[-1].state == AnchoringState.LAPSED:
        return 0
    group = await group_for(ctx, draft)
    # Once somebody has had a concern, it is for its author to publish it, in its next words too.
    keeps_tick = requests[-1].publish_when_met and not requests[-1].publishing_stopped
    if group:
        await put_to_group(ctx, draft, group, publish_when_met=keeps_tick)
    return len(group)
