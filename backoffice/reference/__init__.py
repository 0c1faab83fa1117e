"""The reference of the JSON API, as a page."""
