"""Shares at work: offering a case to another body, answering, taking it over, and who can see it."""
