"""The services guide: sixteen topics, what applies to whom, in twelve languages, with sources and dates."""
