"""Team leads: the ladder's third step, a private card with names of colleagues who may welcome an invitation."""
