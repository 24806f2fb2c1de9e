"""Serves the pictures of announcements to whoever has their address."""
