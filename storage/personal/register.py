"""The register of what is kept about people: every table, and in it every column that can hold a person.

Exporting and erasing go by it and by nothing else, and docs/privacy.md shows it. A test goes through the tables'
metadata: a column that may hold a person and is not declared here fails it, so that no new table is forgotten.
"""

from collections.abc import Mapping

from storage.personal.coaching import COACHING
from storage.personal.forms import Kept
from storage.personal.inviting import INVITING
from storage.personal.leading import LEADING
from storage.personal.pages import PAGES
from storage.personal.people import PEOPLE
from storage.personal.saying import SAYING
from storage.personal.taking_part import TAKING_PART
from storage.personal.topics import TOPICS

REGISTER: Mapping[str, Kept] = {**COACHING, **INVITING, **LEADING, **PAGES, **PEOPLE, **SAYING, **TAKING_PART, **TOPICS}
