"""Coaching: volunteers who talk with a colleague, from registering to asking afterwards how it was."""
