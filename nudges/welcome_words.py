"""What a welcome says, in words. Pure; docs/texts.md shows it."""

from collections.abc import Collection
from datetime import date

from bot.messages import Button, Buttons, Part, Target, Tone, Words
from bot.texts import Voice
from nudges.following import CHOOSE
from nudges.messages import Said, ToLike, pointed_to, reading_along, why
from nudges.quiet import Reason
from nudges.welcome import Nth, Tell


def welcome(nth: Nth, tells: Collection[Tell], member_id: int, to_like: ToLike | None, say: Voice) -> Said:
    """Return what the first or the second welcome says: why it comes, and what its reader has not found yet.

    With nothing left to tell, as after they have found it from here, it says so.
    """
    is_first = nth is Nth.FIRST
    summary = say("Welcome: where to begin") if is_first else say("What may help you to begin")
    parts: list[Part] = []
    if Tell.PLACE in tells:
        parts.append(
            Words(
                say(
                    "Welcome. I am Samlas, and you get this because you are new here. What is announced and decided is"
                    " gathered with me and comes to you by itself, so that you need not look for it."
                )
            )
        )
    else:
        parts.append(Words(say("You get this because you joined us about a week ago. Take from it what is of use.")))
    if Tell.WAYS in tells:
        parts.append(
            Words(
                say(
                    "To look something up, write {/news} for what has been announced, {/decisions} for what was"
                    " decided, and {/samlas} for everything else you can ask me."
                )
            )
        )
    if Tell.TOPICS in tells:
        parts.append(Words(say("Choose topics that you like, and what is on them comes first in your digest.")))
        parts.append(Buttons((Button(say("Choose topics"), CHOOSE, Target(member_id, 1), opens_form=True),)))
    if Tell.LIKE in tells and (to_like is not None or not is_first):
        parts += pointed_to(to_like, say)
    if not tells:
        parts = [Words(say("You have found your way already. Good to have you here."))]
    return Said(summary, tuple(parts))


def last_welcome(item_id: int, to_like: ToLike | None, say: Voice, *, reads_along_until: date | None = None) -> Said:
    """Return what the third welcome says: that there is no hurry, one thing they may like, and *I am reading along*."""
    parts = (
        Words(why(Reason.NEVER_STARTED, say)),
        *pointed_to(to_like, say),
        reading_along(item_id, reads_along_until, say),
        Words(say("This is the last hello of this kind."), Tone.QUIET),
    )
    return Said(say("A small hello"), parts)
