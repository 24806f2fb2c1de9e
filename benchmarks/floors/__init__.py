"""The least that could do the work, and what one would write with the stock libraries: honest small programs."""
