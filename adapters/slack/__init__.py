"""Samlas in Slack: what people do there becomes events, what the bot says becomes Block Kit."""
