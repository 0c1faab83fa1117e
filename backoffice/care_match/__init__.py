"""Matches of family assistants and requests: hard rules, preferences, what each side says."""
