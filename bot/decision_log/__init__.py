"""The decision log: what was decided, found again, looked at again, and taken out of the house as files."""
