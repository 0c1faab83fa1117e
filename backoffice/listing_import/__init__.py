"""Homes that come from a spreadsheet: read, shown as what they would change, and only then written."""
