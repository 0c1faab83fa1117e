"""What the care-work desk writes and hears in the chat."""
