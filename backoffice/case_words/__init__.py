"""The words of people as their cases are listed: newest first."""
