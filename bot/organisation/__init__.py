"""The organisation's own choices, in its communications leads' hands: its settings, and who leads."""
