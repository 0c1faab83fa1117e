"""Cases that come from a spreadsheet: read, shown, and only then opened."""
