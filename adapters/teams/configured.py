"""Whether Teams is set up in the environment, for the wiring; what serves it is imported only then."""

from collections.abc import Sequence

from adapters.teams.config import TeamsConfig, load_teams_config
from bot.config import Config
from bot.examining import Examined, Finding
from bot.surface import Configured, Core, MakeSurface, Surface


def teams(config: Config) -> Configured | None:
    """Return how Teams is served and examined, where there is an app id.

    Raises ConfigurationError for what is configured by half.
    """
    variables = load_teams_config()
    return Configured(_served(config, variables), _examine) if variables.app_id else None


def teams_for_anybody(config: Config) -> MakeSurface | None:
    """Return how Teams is served to Microsoft's local test client, which asks for no app id; None where there is one.

    Raises ConfigurationError for what is configured by half.
    """
    variables = load_teams_config()
    return None if variables.app_id else _served(config, variables)


def _served(config: Config, variables: TeamsConfig) -> MakeSurface:
    def make(core: Core) -> Surface:
        from adapters.teams.surface import teams_surface

        return teams_surface(core, variables, config.admin_emails(), base_url=config.base_url or "")

    return make


async def _examine(examined: Examined) -> Sequence[Finding]:
    from adapters.teams.examining import examine

    return await examine(examined)
