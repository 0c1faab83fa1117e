"""Viewings of homes: dates proposed and fixed, who comes, what was seen."""
