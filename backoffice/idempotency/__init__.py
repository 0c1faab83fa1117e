"""The same request twice has its effect once."""
