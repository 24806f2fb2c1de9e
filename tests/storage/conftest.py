"""SQLite as it is served."""

from tests.databases import is_fleeting

__all__ = ["is_fleeting"]
