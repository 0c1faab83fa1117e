"""The contract of a family assistant with a family, from its draft to its end."""
