"""Encrypts what is personal: a key for each person and conversation, wrapped by their organisation's."""
