"""Figures for planning: what is asked, where, in which language, what was not available, and how it went."""
