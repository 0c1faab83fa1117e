"""A finished form becomes person, consent and case, in one transaction."""
