"""What the Makefile runs to look after the repository itself."""
