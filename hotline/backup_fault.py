"""What is wrong with a backup, in a sentence for the one who must act on it."""

from __future__ import annotations


class BackupFault(Exception):
    """Nothing was changed, or all of it was taken back. Never tells what is inside a backup."""
