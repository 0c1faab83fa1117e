"""What reads a message: the intent classifier and the readers of entities. Plain data only, no pickles."""
