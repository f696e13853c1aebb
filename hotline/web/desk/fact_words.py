"""Who called, and of which child, in words: what is counted and names nobody."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.web.desk.languages import mark as _

_OTHER = _("somebody or something else")

FACT_WORDS: Mapping[str, Mapping[str, str]] = {
    "fact_contact": {
        "child_self": _("a child, about themselves"),
        "about_child": _("somebody, about a child"),
        "adult_self": _("an adult, about themselves"),
        "other": _OTHER,
    },
    "fact_relation": {
        "parent": _("mother or father"),
        "relative": _("a relative"),
        "neighbour": _("a neighbour"),
        "teacher": _("a teacher"),
        "friend": _("a friend"),
        "authority": _("police, commune, village chief"),
        "other": _OTHER,
    },
    "fact_age": {
        "0_5": _("0 to 5 years"),
        "6_11": _("6 to 11 years"),
        "12_14": _("12 to 14 years"),
        "15_17": _("15 to 17 years"),
        "18_24": _("18 to 24 years"),
        "25_up": _("25 years or older"),
    },
    "fact_gender": {"girl": _("girl"), "boy": _("boy"), "other": _("neither, or not said")},
    "fact_living": {
        "parents": _("with both parents"),
        "one_parent": _("with one parent"),
        "relatives": _("with relatives"),
        "alone": _("alone"),
        "employer": _("where they work"),
        "institution": _("in a home or centre"),
        "street": _("on the street"),
        "other": _OTHER,
    },
    "fact_vulnerable": {
        "moved": _("went away to work or live"),
        "moved_by_force": _("was taken or driven away"),
        "poverty": _("the family is poor"),
        "disability": _("lives with a disability"),
        "minority": _("belongs to a minority"),
        "out_of_school": _("does not go to school"),
    },
    "fact_heard": {
        "club": _("from a Child Club"),
        "school": _("at school"),
        "poster": _("from a poster or card"),
        "friend_family": _("from friends or family"),
        "authority": _("from police, commune or village chief"),
        "radio_online": _("on the radio or online"),
        "other": _OTHER,
    },
}
