"""What is sent in a form is held against the form, whatever a platform promises."""

import pytest

from bot.errors import BadInput
from bot.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    Option,
    PersonField,
    TextField,
    TickField,
    TimeField,
    read,
)
from bot.messages import Target, Words

FORM = Form(
    "thing.sent",
    Target(1, 1),
    "A thing",
    (
        Words("About the thing"),
        TextField("title", "Title", required=True, max_length=10),
        ChoiceField("kind", "Kind", (Option("a", "A"), Option("b", "B")), "a"),
        ChoiceField("team", "Team", (Option("1", "One"),), required=False),
        ChoicesField("some", "Some", (Option("1", "One"), Option("2", "Two"))),
        TickField("loud", "Loud"),
        DayField("day", "Day"),
        TimeField("time", "Time"),
        PersonField("who", "Who", required=True),
    ),
    "Send",
    "Cancel",
)
GOOD = {
    "title": " Tea ",
    "kind": "b",
    "some": "2,1",
    "who": "anna",
    "loud": "yes",
    "day": "2027-03-01",
    "time": "09:30",
}


def test_every_field_is_read_without_white_space() -> None:
    """A field that was not sent is empty; a key that the form does not have is not read."""
    assert read(FORM, {**GOOD, "forged": "x"}) == {**GOOD, "title": "Tea", "team": ""}


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("title", "  "),
        ("title", "x" * 11),
        ("kind", "c"),
        ("kind", ""),
        ("team", "2"),
        ("some", "2,3"),
        ("day", "2027-02-30"),
        ("time", "25:00"),
        ("time", "9"),
        ("who", ""),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field(field: str, sent: str) -> None:
    """The sentence stands at the field, and the form comes back with everything that was sent."""
    with pytest.raises(BadInput) as refused:
        read(FORM, {**GOOD, field: sent})

    assert list(refused.value.by_field) == [field]
    assert refused.value.form.values() == {**FORM.values(), **GOOD, field: sent}
