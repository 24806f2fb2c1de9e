"""What speaks against a decision in the management group: for the group itself, while somebody is in it.

The author is told of each answer as it comes (bot/anchoring/telling.py). Nobody else is shown the words, and neither
the post, nor the decision log, nor its export has them.
"""

from collections.abc import Sequence

from bot.context import PersonContext
from bot.messages import Part, Tone, Words, Written
from bot.names import shown_name
from storage.people import get_member
from storage.tables import AnchoringAnswer, AnchoringAnswerKind


async def concern_parts(ctx: PersonContext, answers: Sequence[AnchoringAnswer]) -> list[Part]:
    """Return what the others in the group have against it, for somebody who is in the group now; else nothing."""
    if not ctx.member.in_management_group:
        return []
    parts: list[Part] = []
    for answer in answers:
        if answer.member_id == ctx.member_id or answer.answer in (None, AnchoringAnswerKind.ANCHORED):
            continue
        name = shown_name(await get_member(ctx.session, ctx.workspace_id, answer.member_id))
        if answer.answer == AnchoringAnswerKind.MEETING:
            parts.append(Words(ctx.say("{name} thinks that it needs a meeting.", name=name), Tone.STRONG))
        else:
            parts.append(Words(ctx.say("{name} has a concern:", name=name), Tone.STRONG))
            parts.append(Written(answer.text))
    if parts:
        parts.append(Words(ctx.say("Only the author and the management group see this."), Tone.QUIET))
    return parts
