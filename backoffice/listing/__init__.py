"""Homes that are offered: what they are like, who checked them, whether they are free."""
