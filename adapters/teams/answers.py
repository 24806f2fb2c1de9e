"""What the bot answers, as Teams wants it: in the response to what was pressed, or as a message of its own.

Pure functions from a Reply to what is to be shown; turns.py sends what has to be sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.teams.cards import CARD_TYPE, activity, attachment, card_of
from adapters.teams.form_cards import WHOLE, Showing, Shown, dialog, form_card
from adapters.teams.form_json import unpack
from adapters.teams.markdown import Element
from adapters.teams.pressing import Pressed, Whence
from bot.events import Reply
from bot.forms import Form
from bot.messages import Buttons, Message, Part, Words
from bot.texts import Voice

MESSAGE_TYPE: Final = "application/vnd.microsoft.activity.message"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shows:
    """A card and its plain text."""

    card: Element
    summary: str

    @property
    def activity(self) -> Json:
        """The message that holds the card."""
        return activity(self.card, self.summary)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is answered: in their language, and knowing where they asked when they are answered elsewhere."""

    say: Voice
    whence: Whence | None = None

    def message(self, message: Message) -> Shows:
        """Return a message as what is shown."""
        return Shows(card_of(message, self.say, self.whence), message.summary)

    def form(self, form: Form, errors: Mapping[str, str] | None = None) -> Shows:
        """Return a form as a message."""
        return Shows(form_card(form, Showing(Shown.MESSAGE, self.say, self.whence), errors), form.title)


def messages_of(reply: Reply, reader: Reader) -> Sequence[Shows]:
    """Return what is said to somebody who wrote: the whisper, the form in a card, their Home, in that order."""
    found: list[Shows] = []
    if reply.whisper is not None:
        found.append(reader.message(reply.whisper))
    if reply.errors and reply.form is None:
        found.append(reader.message(sentences(reply)))
    if reply.form is not None:
        found.append(reader.form(reply.form, reply.errors))
    found.extend(reader.message(message) for message in (reply.refreshed, reply.home) if message is not None)
    return found


def in_place(reply: Reply, pressed: Pressed, reader: Reader) -> tuple[Shows | None, Message | None]:
    """Return what takes the place of the message that was pressed (None: it stays), and what is whispered beside it."""
    if reply.form is not None:
        return reader.form(reply.form, reply.errors), reply.whisper
    problems = _problems(reply, pressed)
    if problems:
        form = None if pressed.form is None else unpack(pressed.form, pressed.values)
        if form is None:
            return None, sentences(reply)
        return reader.form(form, problems), None
    if reply.refreshed is not None:
        return reader.message(reply.refreshed), reply.whisper
    if reply.home is not None:
        # Home is a message here, and so is a form in its place.
        return reader.message(reply.home), reply.whisper
    if pressed.form is not None and reply.close:
        return reader.message(reply.whisper or done(reader.say)), None
    return None, reply.whisper


def in_dialog(reply: Reply, pressed: Pressed | None, reader: Reader) -> Json:
    """Return the answer to a dialog that was asked for or sent; an empty one closes it."""
    if reply.form is not None:
        return {"task": dialog(reply.form, reader.say, reader.whence, reply.errors)}
    problems = {} if pressed is None else _problems(reply, pressed)
    if problems and pressed is not None and pressed.form is not None:
        form = unpack(pressed.form, pressed.values)
        if form is not None:
            return {"task": dialog(form, reader.say, reader.whence, problems)}
    said = reply.whisper or (sentences(reply) if reply.errors else None) or reply.refreshed
    if said is not None:
        return {"task": _told(said, reader)}
    if pressed is not None and reply.close:
        return {}
    return {"task": {"type": "message", "value": reader.say("Done.")}}


def as_response(shows: Shows) -> Json:
    """Return the answer to a button that was executed: the card that this person sees in its place from now on."""
    return {"statusCode": 200, "type": CARD_TYPE, "value": shows.card}


def as_sentence(sentence: str) -> Json:
    """Return the answer to a button that was executed and leaves the card as it is."""
    return {"statusCode": 200, "type": MESSAGE_TYPE, "value": sentence}


def answered(standing: Sequence[Part], whisper: Message) -> Message:
    """Return a shared message as somebody who has answered sees it: what it says, and what was noted of them."""
    said = tuple(part for part in standing if not isinstance(part, Buttons))
    return Message(whisper.summary, (*said, *whisper.parts))


def sentences(reply: Reply) -> Message:
    """Return the errors of a form as one message: where the form cannot be shown again, they are simply said."""
    sentence = " ".join(reply.errors.values()) or (reply.whisper.summary if reply.whisper is not None else "…")
    return Message(sentence, (Words(sentence),))


def done(say: Voice) -> Message:
    """Return what stands where a form was, when there is nothing else to say."""
    sentence = say("Done.")
    return Message(sentence, (Words(sentence),))


def _problems(reply: Reply, pressed: Pressed) -> dict[str, str]:
    """Return the errors by field of a form that was sent.

    A whisper that neither closes nor replaces the form is a refusal; it stands above the fields.
    """
    found = dict(reply.errors)
    if pressed.form is not None and reply.whisper is not None and not reply.close and reply.form is None:
        found[WHOLE] = reply.whisper.summary
    return found


def _told(message: Message, reader: Reader) -> Json:
    if all(isinstance(part, Words) for part in message.parts):
        return {"type": "message", "value": message.summary}
    return {
        "type": "continue",
        "value": {
            "title": "Samlas",
            "width": "medium",
            "height": "medium",
            "card": attachment(reader.message(message).card),
        },
    }
