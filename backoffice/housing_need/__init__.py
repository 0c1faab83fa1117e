"""A household's search for a home: how far it is; what it needs is the intake of its case."""
