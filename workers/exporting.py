"""Makes exports beside the sweeps, and has old ones deleted."""

from __future__ import annotations

from hotline import exporting
from hotline.parts import Hotline
from workers.aside import Aside
from workers.sending import owner_name


def make_exports(hotline: Hotline) -> None:
    """What waits, one after the other; the lease of one that fails runs out."""
    exporting.make_waiting(hotline, owner_name())


exporter = Aside(make_exports)


def look_for_exports(hotline: Hotline) -> None:
    """A step of each sweep: what a lost ring forgot, and what is to be deleted."""
    exporting.delete_old(hotline)
    if exporting.has_waiting(hotline):
        exporter.begin(hotline)
