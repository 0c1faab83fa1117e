"""Rows of many invented cases as the product itself would have written them, written quickly."""
