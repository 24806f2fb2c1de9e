"""What announcements are about: the organisation's topics, and what people show to like by what they read."""
