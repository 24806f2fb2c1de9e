"""Forgetting somebody means the same on both kinds of database."""

from tests.databases import database_url

__all__ = ["database_url"]
