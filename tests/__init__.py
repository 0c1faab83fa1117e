"""A package of its own, so that no installed package called `tests` is found in its place."""
