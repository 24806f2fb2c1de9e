"""People who leave the organisation, in the picture of what was announced to them."""
