"""The surfaces that the contract suite runs over. A driver is tests/contracts/{name}_surface.py, with `opened`."""

import importlib

from tests.contracts.surface import OpenSurface

SURFACES = ("local", "slack", "teams")


def opener_of(name: str) -> OpenSurface:
    """Return what serves a surface for a test; imported by name, since Microsoft's library takes seconds to import."""
    opened: OpenSurface = importlib.import_module(f"tests.contracts.{name}_surface").opened
    return opened
