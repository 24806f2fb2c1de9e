"""Anchoring: the management group is asked about a decision before it is announced, and answers."""
