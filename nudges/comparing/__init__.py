"""*Does it work?*: whether tips bring people back, found out by leaving one in ten without, by lot, for a quarter."""
