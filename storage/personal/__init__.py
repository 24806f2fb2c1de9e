"""What is kept about people: the register of it, and exporting and erasing, which go by the register alone."""
