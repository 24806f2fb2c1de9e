"""The protected web pages: insights for those who lead, and one's own page for everybody."""
