"""Decisions: the checklist, the outcome computed from it, and asking the management group."""
