"""Why a backup cannot be made or brought back: sentences for whoever runs the command."""

from __future__ import annotations


class BackupError(Exception):
    """The command ends; the message says what to do."""
