"""What is agreed with a person: goals, actions, follow-up checks, and what each phase of a case needs."""
