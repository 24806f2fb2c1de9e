"""Samlas in Microsoft Teams. What is asked of Teams stands in connector.py, and rest.py asks it."""
