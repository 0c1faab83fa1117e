"""The copy of what is held about a person, for that person (GDPR art. 15 and 20)."""
