"""A chat surface of our own, so that the whole bot can be tried on one machine."""
