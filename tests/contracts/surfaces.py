"""The surfaces that the contract suite runs over. A driver is tests/contracts/{name}_surface.py, with `opened`."""

import importlib

from tests.contracts.surface import OpenSurface

SURFACES = ("local", "slack", "teams")
# The least that a platform can be (docs/adding-a-platform.md) keeps the main promises: those of these modules.
CONSOLE = "console"
ON_THE_CONSOLE = frozenset(
    {
        "test_actions",
        "test_anchoring",
        "test_announcing",
        "test_changing",
        "test_deciding",
        "test_help",
        "test_home",
        "test_hostile_texts",
        "test_nudging",
        "test_reach",
        "test_reminding",
        "test_taking_part",
        "test_ways_on",
    }
)


def surfaces_of(module: str) -> tuple[str, ...]:
    """Return over which surfaces a module of the suite runs."""
    return (*SURFACES, CONSOLE) if module in ON_THE_CONSOLE else SURFACES


def opener_of(name: str) -> OpenSurface:
    """Return what serves a surface for a test; imported by name, since Microsoft's library takes seconds to import."""
    opened: OpenSurface = importlib.import_module(f"tests.contracts.{name}_surface").opened
    return opened
