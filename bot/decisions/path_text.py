"""The decision path's words: what the organisation has written, or what Samlas brings to begin with."""

from bot.settings import OrganisationSettings
from bot.texts import LANGUAGES, Text, Voice, text

_STEPS: tuple[Text, ...] = (
    text("**Think it through.** What is the question, whom does it affect, who knows most about it? Ask them first."),
    text(
        "**Decide where it belongs.** What concerns one team is decided there. What concerns several teams, or"
        " everybody, is anchored with the management group before it is announced."
    ),
    text(
        "**Anchor it.** Write it with {/announce} as a decision, and choose *Ask the management group first*. Or take"
        " it up in a meeting, and say when that was."
    ),
    text("**Tell those first who are most affected.** They should not have to read it in a channel."),
    text("**Announce it once, in one place.** Say who decided, what changes and when, and who answers questions."),
    text("**Look at it again.** Give a day for that; the decision log keeps it."),
)
_WHY = text("None of this is a permission. It is how we see to it that a decision holds.")


def path_in(settings: OrganisationSettings, say: Voice) -> str:
    """Return the decision path in a reader's language, in Markdown; in the other where it is written in that only."""
    written = (settings.decision_path.get(language) for language in (say.language, *LANGUAGES))
    return next((words for words in written if words), brought(say))


def brought(say: Voice) -> str:
    """Return what Samlas brings."""
    steps = [f"{number}. {say.say(step)}" for number, step in enumerate(_STEPS, start=1)]
    return "\n".join([*steps, "", say.say(_WHY)])
