"""The directory of services; so far the guide: sixteen topics, each with its facts and their dates."""
