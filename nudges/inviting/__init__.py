"""Everybody invites: a colleague is asked in private whether they would like to come into a conversation."""
