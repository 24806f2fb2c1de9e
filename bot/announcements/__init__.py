"""Announcements: written once, published in one place, read, asked about, and reported to their author."""
