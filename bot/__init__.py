"""The platform-neutral core: what is said, to whom, and the rules that decide it."""

__version__ = "0.1.0"
