"""Figures around a contract of rent, each with its source and day, and what is computed of them."""
