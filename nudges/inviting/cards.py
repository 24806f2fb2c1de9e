"""What is read of an invitation into a conversation: by the invited person, and in the thread. Pure.

docs/texts.md shows all. Whoever invites reads nothing of a no: it looks like a message that has not been seen yet.
"""

from bot.messages import Button, Buttons, Link, Message, Part, Style, Target, Tone, Words
from bot.texts import Voice
from nudges.messages import Said
from storage.tables import InviteState

YES = "inviting.yes"
NO = "inviting.no"


def asks_invited(item_id: int, inviter: str, channel: str, link: str | None, state: InviteState, say: Voice) -> Said:
    """Return what the invited person reads, after what they have pressed."""
    way: list[Part] = [] if link is None else [Link(say("Open the conversation"), link)]
    asked = Words(
        say("{inviter} would like to have you in a conversation in #{channel}.", inviter=inviter, channel=channel)
    )
    summary = say("{inviter} invites you into a conversation", inviter=inviter)
    match state:
        case InviteState.ACCEPTED:
            yes = say("You have said yes, and the conversation shows that {inviter} invites you.", inviter=inviter)
            return Said(summary, (asked, Words(yes, Tone.STRONG), *way))
        case InviteState.DECLINED:
            no = Words(say("Of course. Nobody is told."), Tone.STRONG)
            return Said(summary, (asked, no, *way))
        case _:
            target = Target(item_id, 1)
            buttons = Buttons(
                (Button(say("Yes please"), YES, target, Style.PRIMARY), Button(say("No thanks"), NO, target))
            )
            how = say(
                "On your yes the conversation shows that {inviter} invites you. On your no, or if you leave it, nobody"
                " is told anything.",
                inviter=inviter,
            )
            return Said(summary, (asked, Words(how, Tone.QUIET), *way, buttons))


def invites_message(inviter: str, invited: str, say: Voice) -> Message:
    """Return what stands in the thread after a yes."""
    sentence = say("{inviter} invites {invited} into this conversation.", inviter=inviter, invited=invited)
    return Message(sentence, (Words(sentence),))
