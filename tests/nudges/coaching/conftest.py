"""What coaching keeps is kept on either kind of database."""

from tests.databases import database_url

__all__ = ["database_url"]
