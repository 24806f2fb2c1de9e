"""Reasons come back from where they are kept as they were given."""

import pytest

from bot.reasons import kept_reason, reason_of
from bot.texts import Text, Voice, text, texts


@pytest.mark.parametrize(
    "reason",
    [
        text("They have left the organisation."),
        text("The platform said: {what}", what='{"ok": false, "error": "å{0}"}'),
        texts("{count} person", "{count} people", 3),
        text("Because: {why}", why=texts("{count} person", "{count} people", 1)),
    ],
)
def test_a_reason_survives_being_kept(reason: Text) -> None:
    """Its sentence, its values and its number, in every language."""
    found = reason_of(kept_reason(reason))

    assert found is not None
    for language in ("sv", "en"):
        assert Voice(language).say(found) == Voice(language).say(reason)


def test_no_reason_is_kept_as_nothing() -> None:
    """What went well has no reason."""
    assert kept_reason(None) == ""
    assert reason_of("") is None
