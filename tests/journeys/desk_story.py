"""What staff do at the desk in one day, and everything personal that they type or are shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

import pyotp

from hotline.demo import PASSPHRASE
from tests.journeys.desk_hands import Hands, plain
from tests.journeys.searching import Secret, number, words
from tests.web.desk.door import CODES, SECRET

FOCAL, NEWCOMER = "+85515874336", "+85578263915"
NEW_PASSPHRASE = "lantern gravel otter mosaic 41"
TYPED = {
    "the focal person": "Phallyrath Oudomsak",
    "who agreed": "ឧត្តមសក្តិ ផល្លីរ័ត្ន",
    "notes on a service": "ask near Trapeangthlong wat",
    "who was spoken to": "Monineath Sovannarith",
    "a note at the desk": "ក្មេងដេកនៅ Boengtompun ក្បែរផ្ទះ លោកសុវណ្ណារិទ្ធ",
    "a note on a try": "aunt Kolthida heard it all",
    "a reason for a date": "alone after Visakhabochea",
    "words of a referral": "tell them Kolthida has her",
    "a reason for opening": "his aunt says Rattanakmony cries",
    "a reason for a hold": "Krongpreahsihanouk asks",
    "a reason for handing over": "kin of mine: Chhaysothea",
}


@dataclass
class World:
    """`hands(name)`: somebody of the demo at a browser; `clock`: seconds since 1970, there."""

    hands: Callable[[], Hands]
    clock: Callable[[], float]
    code_for: Callable[[str], str]
    exports_are_made: Callable[[Hands], None]
    secrets: list[Secret] = field(default_factory=list)
    at_work: dict[str, Hands] = field(default_factory=dict)
    downloads: dict[str, bytes] = field(default_factory=dict)

    def staff(self, name: str) -> Hands:
        if name not in self.at_work:
            self.at_work[name] = self.hands()
            self.at_work[name].signs_in(name, PASSPHRASE)
        return self.at_work[name]

    def traces(self) -> dict[str, bytes]:
        found = {}
        for name, hands in self.at_work.items():
            found |= {f"{where} of {name}": raw for where, raw in hands.traces().items()}
        return found


def secrets_of_the_desk(world: World) -> list[Secret]:
    typed = [words(name, text) for name, text in TYPED.items()]
    phones = [number("the focal person's phone", FOCAL), number("the newcomer's phone", NEWCOMER)]
    return [*typed, *phones, words("a passphrase", NEW_PASSPHRASE), *world.secrets]


def exact(name: str, digits: str) -> Secret:
    """A code of a few digits: only where it stands alone, or any number would hold it."""
    return Secret(
        name, (), re.compile(rb"(?<![0-9A-Za-z.])" + digits.encode() + rb"(?![0-9A-Za-z])")
    )


def staff_work(world: World, ref: str) -> None:
    """`ref` is an open case that nobody has, or Dara."""
    a_service_is_put_in(world.staff("Bopha"))
    dara_works_on(world, ref)
    a_colleague_opens_it(world.staff("Sophea"), ref)
    a_message_becomes_a_case(world.staff("Dara"))
    an_editor_reads_what_nobody_understood(world.staff("Vanna"))
    somebody_new_comes(world)
    bopha_looks_after_everything(world, ref)
    dara_gives_it_away(world.staff("Dara"), ref)


def a_service_is_put_in(bopha: Hands) -> None:
    bopha.fills(
        "/referrals/new", "/new",
        name_km="មណ្ឌលកុមារ", name_en="Children's centre", categories="child_protection",
        phones="023 999 111", hours="08:00-17:00", everywhere="y", place="", is_authority=None,
        contact_name=TYPED["the focal person"], contact_phone=FOCAL,
        agreed_by=TYPED["who agreed"], agreed_on="2026-11-02", notes=TYPED["notes on a service"],
    )  # fmt: skip
    page = f"/referrals/{newest_service(bopha)}"
    bopha.fills(page, "/checked", spoken_to=TYPED["who was spoken to"])


def newest_service(hands: Hands) -> int:
    page = hands.reads("/referrals")
    return max(int(found) for found in re.findall(r"/desk/referrals/(\d+)", page))


def dara_works_on(world: World, ref: str) -> None:
    dara, case = world.staff("Dara"), f"/cases/{ref}"
    if "/claim" in dara.reads(case):
        dara.fills(case, "/claim")
    dara.fills(case, "/notes", note=TYPED["a note at the desk"])
    dara.fills(case, "/attempts", outcome="reached", note=TYPED["a note on a try"])
    dara.fills(f"{case}/about", "/about")
    dara.fills(f"{case}/date", "/date", reason=TYPED["a reason for a date"])
    service = f"{case}/refer/{newest_service(dara)}"
    said = {"passed_on": "number", "answer": "yes", "said_by": "caller", "reason": ""}
    dara.fills(service, service, words=TYPED["words of a referral"], **said)
    dara.fills(f"{case}/refer", "/referrals/1", words=TYPED["words of a referral"])
    assert "Phallyrath" in dara.reads(f"/referrals/{newest_service(dara)}")
    for sheet in ("", "/json", "/csv"):
        assert b"Child" in dara.opens(f"{case}/sheet/1{sheet}").body
    assert dara.fills("/cases", "/find", ref=ref.lower()).status in (200, 303)
    dara.fills(case, "/number")


def a_colleague_opens_it(sophea: Hands, ref: str) -> None:
    sophea.fills(f"/cases/{ref}", "/open", reason=TYPED["a reason for opening"])
    assert "Boengtompun" in sophea.reads(f"/cases/{ref}")


def a_message_becomes_a_case(dara: Hands) -> None:
    message = first_link(dara, "/messages")
    dara.fills(message, "/take")
    dara.fills(message, "/reply")
    dara.fills(message, "/again")
    dara.fills(message, "/case", kind="debt", priority="P2")


def an_editor_reads_what_nobody_understood(vanna: Hands) -> None:
    page = vanna.reads("/texts")
    assert not re.search(r"\d{3} ?\d{3}", plain(page)), "digits of a text before an editor"
    group = first_link(vanna, "/texts")
    spelling = {"topic": "SCHOOL", "spelling": "zqolt", "used": "alone", "latin": "latn"}
    vanna.fills(group, "/spelling", **spelling, check="yes")


def first_link(hands: Hands, page: str) -> str:
    found = re.search(rf'href="/desk({page}/\d+)"', hands.reads(page))
    assert found, f"nothing waits at {page}"
    return found[1]


def somebody_new_comes(world: World) -> None:
    """With a phone that is verified, a passphrase to begin with, an app, and codes on paper."""
    rith = world.staff("Rith")
    new = {"name": "Veasna", "role": "duty", "phone": NEWCOMER, "language": "en"}
    came = rith.fills("/people/new", "/new", **new)
    who = re.search(r"/desk/people/(\d+)", (came.location or "") + came.text)
    assert who
    person = f"/people/{who[1]}"
    code = world.code_for(NEWCOMER)
    rith.fills(person, "/verify", code=code)
    start = re.search(r'start-words"[^>]*>([^<]+)<', rith.fills(person, "/invite").text)
    assert start
    first = unescape(start[1]).strip()
    world.secrets += [exact("the code of a phone", code), words("the first passphrase", first)]
    veasna = world.at_work["Veasna"] = world.hands()
    veasna.signs_in("Veasna", first)
    veasna.fills("/passphrase", "/passphrase", new=NEW_PASSPHRASE, again=NEW_PASSPHRASE)
    an_app_is_set_up(world, veasna)


def an_app_is_set_up(world: World, veasna: Hands) -> None:
    veasna.fills("/account", "/authenticator/new")
    shown = SECRET.search(veasna.reads("/authenticator"))
    assert shown
    secret = shown[1].replace(" ", "")
    code = pyotp.TOTP(secret).at(int(world.clock()))
    codes = CODES.findall(veasna.fills("/authenticator", "/authenticator", code=code).text)
    assert len(codes) >= 8
    world.secrets += [words("the secret of an app", secret), exact("a code of an app", code)]
    for paper in codes:
        world.secrets += [words("a code on paper", paper.replace(" ", "")), exact("it", paper)]


def bopha_looks_after_everything(world: World, ref: str) -> None:
    bopha, until = world.staff("Bopha"), "2027-06-01"
    bopha.fills("/retention", "/hold", ref=ref, reason=TYPED["a reason for a hold"], until=until)
    for kind in ("csv", "xlsx"):
        bopha.fills("/exports", "/exports", format=kind)
        world.exports_are_made(bopha)
        newest = re.search(r'href="/desk(/exports/\d+/file)"', bopha.reads("/exports"))
        assert newest
        world.downloads[f"the exported {kind}"] = bopha.opens(newest[1]).body
    for page in ("/audit", "/retention", "/people", "/settings", "/rota", "/", "/cases"):
        world.downloads[f"the page {page}"] = bopha.reads(page).encode()


def dara_gives_it_away(dara: Hands, ref: str) -> None:
    reason = TYPED["a reason for handing over"]
    dara.fills(f"/cases/{ref}/hand-over", "/hand-over", to="back", reason=reason)
