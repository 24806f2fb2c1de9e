"""Every button and form leads somewhere: its action has a handler among those of the rooms."""

import ast
import fnmatch
import importlib
from collections.abc import Iterator
from types import ModuleType

import pytest

from bot.privacy import erasing
from bot.wiring import partings, rooms
from tools.tree import ROOT

ROOMS = ("bot", "nudges")
# Where an action stands in each call, and a form's label of what sends it.
ACTION_OF = {"Button": 1, "Form": 0, "further": 1, "ways_on": 1}
# What a function that draws for others is given: whoever calls it is looked at in its place.
HANDED_ON = "action"
SUBMIT_OF_FORM = 4
ANY = "*"


def drawn(room: str) -> Iterator[tuple[str, str]]:
    """Yield where each button and each form that can be sent is drawn, with its action."""
    for path in sorted((ROOT / room).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        found = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ACTION_OF]
        if not found:
            continue
        module = importlib.import_module(name.removesuffix(".py").replace("/", "."))
        for call in found:
            assert isinstance(call.func, ast.Name)
            is_sent = _argument(call, "submit", SUBMIT_OF_FORM)
            if call.func.id == "Form" and isinstance(is_sent, ast.Constant) and is_sent.value is None:
                # Only its buttons lead on.
                continue
            said = _argument(call, "action", ACTION_OF[call.func.id])
            if not (isinstance(said, ast.Name) and said.id == HANDED_ON):
                yield f"{name}:{call.lineno}", _action(said, module)


def _argument(call: ast.Call, name: str, position: int) -> ast.expr | None:
    by_name = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return by_name[0] if by_name else call.args[position] if len(call.args) > position else None


def _action(said: ast.expr | None, module: ModuleType) -> str:
    match said:
        case ast.Name(id=name):
            return str(getattr(module, name))
        case ast.Constant(value=str(action)):
            return action
        case ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name(id=beginning)), _]):
            # One of several handlers whose names begin alike.
            return f"{getattr(module, beginning)}{ANY}"
        case _:
            raise AssertionError(f"{module.__name__}: an action is named by a constant")


@pytest.mark.parametrize("room", ROOMS)
def test_every_action_has_a_handler(room: str) -> None:
    """Nobody presses something of today and is told that it belongs to an older version."""
    known = {action for offered in rooms() for action in (*offered.handlers, *offered.home_handlers)}
    # What needs to know what all rooms do before somebody is erased is added by the wiring.
    known |= set(erasing.handlers(partings(rooms())))

    actions = dict(drawn(room))

    assert len(actions) >= 8
    assert {where: action for where, action in actions.items() if not fnmatch.filter(known, action)} == {}
