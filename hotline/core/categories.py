"""What a case was about: the groups child helplines count, their parts, and our own codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LONGEST_CHI, LONGEST_LOCAL = 48, 32
"""What the columns of a case have room for."""


@dataclass(frozen=True, slots=True)
class Category:
    """A code with its words in both languages."""

    code: str
    km: str
    en: str

    def words(self, language: str) -> str:
        return self.en if language == "en" else self.km


@dataclass(frozen=True, slots=True)
class Group:
    """A reason for contact. It may be chosen by itself, or one of its parts: `group.part`."""

    whole: Category
    parts: tuple[Category, ...] = ()


@dataclass(frozen=True, slots=True)
class Categories:
    """All that may be chosen; `kinds` says what is shown first for a kind of case."""

    groups: tuple[Group, ...] = ()
    local: tuple[Category, ...] = ()
    kinds: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Category]:
        for group in self.groups:
            yield group.whole
            yield from group.parts

    def is_chi(self, code: str) -> bool:
        return any(one.code == code for one in self)

    def is_local(self, code: str) -> bool:
        return any(one.code == code for one in self.local)

    def first_for(self, kind: str, chi: str | None, local: str | None) -> tuple[str, str]:
        """What a form shows before anybody chose; "" is nothing.

        A flow knows the group at most, so what the kind says within that group is closer.
        """
        by_kind, local_by_kind = self.kinds.get(kind, (None, None))
        is_closer = chi is None or (by_kind or "").startswith(f"{chi}.")
        return (by_kind if is_closer else chi) or chi or "", local or local_by_kind or ""

    def chi_words(self, code: str | None, language: str) -> str | None:
        """ "Violence: Neglect"; a code from before stays readable."""
        for group in self.groups:
            if group.whole.code == code:
                return group.whole.words(language)
            for part in group.parts:
                if part.code == code:
                    return f"{group.whole.words(language)}: {part.words(language)}"
        return _readable(code)

    def local_words(self, code: str | None, language: str) -> str | None:
        found = (one.words(language) for one in self.local if one.code == code)
        return next(found, _readable(code))


def _readable(code: str | None) -> str | None:
    return code.replace(".", ": ").replace("_", " ") if code else None
