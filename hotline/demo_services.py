"""Services of the demo: invented, and marked so. Their numbers ring nowhere; nobody is to call."""

from __future__ import annotations

from datetime import date, timedelta

from hotline import directory
from hotline.core.listed_service import ALL, CHILDREN, WOMEN, Entrusted, Service
from hotline.core.local_time import day_at
from hotline.parts import Hotline
from hotline.storage.database import Transaction

_BY_DAY = "ច័ន្ទ–សុក្រ 08:00–17:00"
_ALWAYS = "២៤ ម៉ោង / 24 h"
_CONTACT = Entrusted("Example Person", "012 000 001", "Example Director", "")
_RECENTLY, _LONG_AGO = timedelta(days=20), timedelta(days=120)

_Told = tuple[str, str, str, tuple[str, ...], str, str, str, bool, timedelta]
# Khmer, English, place, what it does, for whom, hours, phones, an authority?, checked how long ago
_EXAMPLES: tuple[_Told, ...] = (
    ("ឧទាហរណ៍៖ មជ្ឈមណ្ឌលកុមារ ប៉ោយប៉ែត", "Example: children's centre, Poipet",
     "0110", ("child_protection", "shelter"), CHILDREN, _ALWAYS, "012 000 010", False, _RECENTLY),
    ("ឧទាហរណ៍៖ មណ្ឌលសុខភាព ឃុំនិមិត្ត", "Example: health centre, Nimit",
     "011001", ("health",), ALL, _BY_DAY, "012 000 011", True, _RECENTLY),
    ("ឧទាហរណ៍៖ គណៈកម្មាធិការនារី និងកុមារ ឃុំនិមិត្ត",
     "Example: commune committee for women and children, Nimit",
     "011001", ("child_protection", "support"), ALL, _BY_DAY, "012 000 012", True, _RECENTLY),
    ("ឧទាហរណ៍៖ ជំនួយផ្នែកច្បាប់ បន្ទាយមានជ័យ", "Example: legal aid, Banteay Meanchey",
     "01", ("legal", "migration"), ALL, _BY_DAY, "012 000 013, 012 000 014", False, _RECENTLY),
    ("ឧទាហរណ៍៖ ផ្ទះស្នាក់នៅស្ត្រី សៀមរាប", "Example: women's shelter, Siem Reap",
     "17", ("shelter", "psychosocial"), WOMEN, _ALWAYS, "012 000 015", False, _LONG_AGO),
    ("ឧទាហរណ៍៖ ជួយពលករវិលត្រឡប់ បន្ទាយមានជ័យ",
     "Example: help for returning workers, Banteay Meanchey",
     "01", ("return", "support"), ALL, _BY_DAY, "012 000 016", False, _LONG_AGO),
)  # fmt: skip


def seed(hotline: Hotline, tx: Transaction) -> None:
    """The numbers of the whole country and the examples; nothing where they are there already."""
    if directory.seed_national(hotline, tx) == 0:
        return
    for told in _EXAMPLES:
        service = _example(told, day_at(hotline.now()))
        directory.put_in(hotline, tx, service, None, is_example=True)


def _example(told: _Told, today: date) -> Service:
    name_km, name_en, place, categories, serves, hours, phones, is_authority, ago = told
    return Service(
        name_km=name_km,
        name_en=name_en,
        place=place,
        categories=categories,
        serves=serves,
        hours=hours,
        phones=phones,
        is_authority=is_authority,
        agreed_on=today - ago,
        checked_on=today - ago,
        entrusted=_CONTACT,
    )
