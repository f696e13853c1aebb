"""A cell that no spreadsheet takes for a formula; and what it was before."""

from __future__ import annotations

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def harmless(cell: str) -> str:
    """What begins like a formula gets an apostrophe, which spreadsheets do not show."""
    return f"'{cell}" if _is_like_a_formula(cell) else cell


def as_written(cell: str) -> str:
    """Without the apostrophe of ours, in a file that was written here."""
    return cell[1:] if cell.startswith("'") and _is_like_a_formula(cell[1:]) else cell


def _is_like_a_formula(cell: str) -> bool:
    return cell.startswith(_BEGINS_A_FORMULA) or cell.lstrip().startswith(_BEGINS_A_FORMULA)
