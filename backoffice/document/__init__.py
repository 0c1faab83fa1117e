"""Documents of a case: a file with its kind, its expiry and whether the original was seen."""
