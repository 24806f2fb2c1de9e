"""A whole organisation in virtual time: through the real rules and the real storage, checked from outside."""
