"""Organisations, their staff, roles and signing in."""
