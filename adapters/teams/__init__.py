"""Samlas in Microsoft Teams. Only sdk.py imports Microsoft's SDK, so that its successor can take its place."""
