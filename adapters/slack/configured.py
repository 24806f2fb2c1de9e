"""Whether Slack is set up in the environment, for the wiring; what serves it is imported only then."""

from collections.abc import Sequence

from adapters.slack.config import SlackConfig
from bot.config import Config
from bot.examining import Examined, Finding
from bot.surface import Configured, Core, Surface


def slack(config: Config) -> Configured | None:
    """Return how Slack is served and examined, where anything is said of it."""
    variables = SlackConfig()
    if variables.is_empty:
        return None

    def make(core: Core) -> Surface:
        from adapters.slack.surface import slack_surface

        return slack_surface(core, config, variables)

    return Configured(make, _examine)


async def _examine(examined: Examined) -> Sequence[Finding]:
    from adapters.slack.examining import examine

    return await examine(examined)
