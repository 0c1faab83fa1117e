"""Backups: one encrypted file with database, attachments and ledgers, and how it comes back."""
