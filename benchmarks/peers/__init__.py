"""Stand-ins for what Samlas talks to: the platforms, each a process of its own that takes everything."""
