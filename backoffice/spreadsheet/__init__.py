"""Spreadsheets that people bring: read safely, their columns found by name, their words turned into codes."""
