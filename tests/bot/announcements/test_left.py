"""People who leave the organisation, in the picture of what was announced to them."""

from collections.abc import Mapping

from bot.announcements.picture import Situation, picture_of
from bot.directory import PersonSeen, see_everybody
from storage.recipients import count_recipients
from tests.bot.announcements.conftest import Scene
