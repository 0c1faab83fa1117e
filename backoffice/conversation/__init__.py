"""Conversations: what is said, by whom, and how it gets there."""
