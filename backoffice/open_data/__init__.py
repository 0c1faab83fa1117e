"""Figures as open data: a page, a catalogue that portals read, and files. Only what `Told` shows."""
