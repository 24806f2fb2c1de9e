"""Slack's variables make one of three ways of serving, or a sentence that says what is missing."""

import pytest

from adapters.slack.config import SlackConfig, SlackMode
from bot.errors import ConfigurationError
from bot.texts import Voice

SAYS = Voice("en")


@pytest.mark.parametrize(
    ("config", "mode"),
    [
        (SlackConfig(bot_token="xoxb-1", app_token="xapp-1"), SlackMode.SOCKET),
        (SlackConfig(bot_token="xoxb-1", app_token="xapp-1", signing_secret="s"), SlackMode.SOCKET),
        (SlackConfig(bot_token="xoxb-1", signing_secret="s"), SlackMode.ONE),
        (SlackConfig(client_id="1", client_secret="c", signing_secret="s"), SlackMode.MANY),
    ],
)
def test_three_ways_of_serving(config: SlackConfig, mode: SlackMode) -> None:
    """Two tokens: Socket Mode. A token and a secret: one workspace over HTTP. Client id and secret: many."""
    assert config.mode() is mode
    assert not config.is_empty


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (SlackConfig(app_token="xapp-1"), "SLACK_BOT_TOKEN"),
        (SlackConfig(signing_secret="s"), "SLACK_BOT_TOKEN"),
        (SlackConfig(bot_token="xoxb-1"), "SLACK_SIGNING_SECRET"),
        (SlackConfig(client_id="1"), "SLACK_CLIENT_SECRET"),
        (SlackConfig(client_secret="c", signing_secret="s"), "SLACK_CLIENT_ID"),
        (SlackConfig(client_id="1", client_secret="c"), "SLACK_SIGNING_SECRET"),
        (SlackConfig(client_id="1", client_secret="c", signing_secret="s", bot_token="xoxb-1"), "SLACK_BOT_TOKEN"),
        (SlackConfig(client_id="1", client_secret="c", signing_secret="s", app_token="xapp-1"), "SLACK_APP_TOKEN"),
        (SlackConfig(bot_token="xapp-1", signing_secret="s"), "SLACK_BOT_TOKEN"),
        (SlackConfig(bot_token="xoxb-1", app_token="xoxb-1"), "SLACK_APP_TOKEN"),
        (SlackConfig(bot_token="xoxb-1", signing_secret="s", api_url="slack.com"), "SLACK_API_URL"),
    ],
)
def test_what_does_not_fit_together_names_the_variable(config: SlackConfig, names: str) -> None:
    """The start is refused with the variable's name, and no value of a secret in the sentence."""
    with pytest.raises(ConfigurationError) as refused:
        config.mode()

    sentence = SAYS.say(refused.value.sentence)
    assert sentence.startswith(names)
    assert "xoxb-1" not in sentence
    assert "xapp-1" not in sentence


def test_nothing_said_about_slack_is_no_mistake() -> None:
    """Then Slack is simply not served."""
    assert SlackConfig().is_empty


def test_a_printed_configuration_shows_no_secret() -> None:
    """Not even by accident."""
    config = SlackConfig(
        bot_token="xoxb-hidden", app_token="xapp-hidden", signing_secret="hidden", client_secret="hidden"
    )

    assert "hidden" not in repr(config)
