"""Encrypts what is personal: a key for each person and conversation, wrapped by their organisation's."""

from backoffice.encryption import sealing as sealing  # every session seals, whoever opened it
