"""On behalf of: whoever an announcement is written for approves it before it goes out in their name."""
