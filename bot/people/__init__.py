"""What the organisation tells of its people: who is in which team and when they work, by file and by form."""
