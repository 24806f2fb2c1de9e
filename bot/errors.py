"""The one family of errors. Each carries a sentence for a person, as a text to translate and its values.

The dispatcher and the command line catch `SamlasError`, say the sentence in the person's language and change
nothing; anything else is a defect and is logged as one.
"""

from typing import TYPE_CHECKING

from bot.texts import Text

if TYPE_CHECKING:
    # bot.forms raises BadInput, so it cannot be imported from here at run time.
    from bot.forms import Form
    from bot.messages import Message


class SamlasError(Exception):
    """Something a person can be told, and can do something about."""

    def __init__(self, sentence: Text) -> None:
        """Keep the sentence, which says what happened and what to do."""
        super().__init__(sentence.msgid)
        self.sentence = sentence


class Refused(SamlasError):
    """What was asked cannot be done, now or by this person. Nothing has changed."""


class Stale(Refused):
    """The button or form belongs to a version that has been changed since.

    `form` or `refreshed` is what it belongs to as it stands now, to take its place.
    """

    def __init__(self, sentence: Text, form: "Form | None" = None, refreshed: "Message | None" = None) -> None:
        """Keep the sentence and what it is about as it stands now."""
        super().__init__(sentence)
        self.form = form
        self.refreshed = refreshed


class BadInput(Refused):
    """Some fields of a form cannot be used as they are.

    `by_field` maps the field's key to its sentence; `form` is the form they are in, holding what was sent.
    """

    def __init__(self, by_field: dict[str, Text], form: "Form") -> None:
        """Keep the sentence of each field, and the form."""
        super().__init__(next(iter(by_field.values())))
        self.by_field = by_field
        self.form = form


class ImportRefused(SamlasError):
    """A file cannot be imported. Nothing of it has been."""


class ConfigurationError(SamlasError):
    """Samlas cannot start as it is set up; the sentence names the variable and the fix."""
