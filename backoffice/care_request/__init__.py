"""A family's request for a family assistant: how far it is; what it needs is the intake of its case."""
