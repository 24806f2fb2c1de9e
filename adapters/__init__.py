"""What speaks to a chat platform: one room per platform, and none knows another."""
