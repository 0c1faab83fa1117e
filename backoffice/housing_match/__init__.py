"""A home and a household that may fit: why, why not, who said what, and who holds the home meanwhile."""
