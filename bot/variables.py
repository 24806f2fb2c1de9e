"""Variables that are set and that nothing reads: most often a name that was misspelt, which would pass in silence."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from bot.examining import Finding, look
from bot.texts import text

# Set for others than the program: by deploy/compose.yaml for its database, and by those who work on Samlas.
OF_OTHERS: Final = frozenset({"SAMLAS_DATABASE_PASSWORD", "SAMLAS_PICTURES", "SAMLAS_SOAK", "SAMLAS_TEST_CHROMIUM"})
# Other programs have variables that begin with SLACK_; of those only what is nearly one of ours is remarked on.
OURS_ALONE: Final = ("SAMLAS_", "MICROSOFT_APP_")
SHARED: Final = ("SLACK_",)
# Of the letters after the prefix, so many have to agree (difflib's ratio): a slip or two in a short name.
NEARLY: Final = 0.75


def unread_variables(given: Collection[str], known: Collection[str]) -> dict[str, str | None]:
    """Return the variables that look like ours and are read by nothing, each with the one that may be meant."""
    found: dict[str, str | None] = {}
    for name in sorted(set(given) - set(known) - OF_OTHERS):
        prefix = next((prefix for prefix in (*OURS_ALONE, *SHARED) if name.startswith(prefix)), None)
        if prefix is None:
            continue
        like_it = [one.removeprefix(prefix) for one in known if one.startswith(prefix)]
        near = get_close_matches(name.removeprefix(prefix), like_it, n=1, cutoff=NEARLY)
        if near or prefix in OURS_ALONE:
            found[name] = prefix + near[0] if near else None
    return found


def examine_variables(given: Collection[str], known: Collection[str]) -> list[Finding]:
    """Return a finding for each variable that nothing reads."""
    return [
        look(name, text("Nothing reads this variable."))
        if meant is None
        else look(name, text("Nothing reads this variable. Is {meant} meant?", meant=meant))
        for name, meant in unread_variables(given, known).items()
    ]
