"""Everything unasked-for: who is quiet, the contact budget, the ladder, and when it is time."""
