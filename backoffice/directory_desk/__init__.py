"""The pages on which staff keep the directory of services: search, entries, hours, translations, files."""
