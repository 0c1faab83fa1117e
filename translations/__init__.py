"""The words that people read: languages, catalogues, and later the translation of live chat."""
