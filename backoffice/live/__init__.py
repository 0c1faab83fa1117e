"""Live events: what changed, and whoever waits for it."""
