"""The register of family assistants: how far each is, what they can do and what shows it."""
