"""A person's data in their own hands: taking it out, and having it erased."""
