"""One's own account: where one is signed in, and out again; proxies before the desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotline import inviting
from hotline.app import create_app
from tests.web.desk.desk import Desk, open_desk

ANDROID = "Mozilla/5.0 (Linux; Android 13; Pixel) Chrome/130 Mobile"


def on_android(desk: Desk, name: str):
    visitor = desk.visitor()
    visitor.client.environ_base["HTTP_USER_AGENT"] = ANDROID
    assert visitor.sign_in(name).status_code == 303
    return visitor


def test_dara_sees_where_she_is_signed_in_and_signs_out_there(desk: Desk) -> None:
    lost, here = on_android(desk, "Dara"), desk.staff("Dara")
    page = here.reads("/account")
    assert "Android phone or tablet" in page
    assert "Another device" in page
    number = 1
    assert here.sends(f"/sessions/{number}/end", "/account").status_code == 303
    assert lost.sees("/").location == "/desk/sign-in"
    assert here.sees("/").status_code == 200
    assert "Android" not in here.reads("/account")
    assert ("staff:1", "end_session", "staff:1") in desk.audit()


@pytest.mark.parametrize("number", ["1", "999", str(2**63), str(10**40)])
def test_nobody_ends_the_session_of_another(desk: Desk, number: str) -> None:
    dara, sophea = desk.staff("Dara"), desk.staff("Sophea")
    assert sophea.sends(f"/sessions/{number}/end", "/account").status_code == 404
    assert dara.sees("/").status_code == 200


def test_out_everywhere_means_here_too(desk: Desk) -> None:
    lost, here, bopha = on_android(desk, "Dara"), desk.staff("Dara"), desk.staff("Bopha")
    assert here.sends("/sessions/end", "/account").location.startswith("/desk/sign-in")
    assert lost.sees("/").location == here.sees("/").location == "/desk/sign-in"
    assert bopha.sees("/").status_code == 200


def test_a_supervisor_revokes_a_lost_phone_at_once(desk: Desk) -> None:
    lost = on_android(desk, "Dara")
    with desk.hotline.transaction() as tx:
        assert inviting.revoke_sessions(desk.hotline, tx, 1, "staff:3") == 1
    assert lost.sees("/").location == "/desk/sign-in"
    assert ("staff:3", "end_sessions", "staff:1") in desk.audit()


def test_what_is_over_is_not_listed(desk: Desk) -> None:
    on_android(desk, "Dara")
    desk.minutes_pass(61)
    assert "Android" not in desk.staff("Dara").reads("/account")


def test_idle_time_is_a_setting(desk: Desk) -> None:
    settings = replace(desk.hotline.settings, desk_idle_minutes=10)
    hotline = replace(desk.hotline, settings=settings)
    shared = Desk(hotline, create_app(hotline), desk.time)
    dara = shared.staff("Dara")
    assert "after 10 minutes" in shared.visitor().reads("/sign-in?language=en")
    desk.minutes_pass(9)
    assert dara.sees("/").status_code == 200
    desk.minutes_pass(10)
    assert dara.sees("/").location == "/desk/sign-in"


@pytest.mark.parametrize("proxies", [0, 1])
def test_behind_a_proxy_each_address_waits_for_itself(
    database, tmp_path, key_ring_file, content, quick_hashes, proxies: int
) -> None:
    desk = open_desk(database, tmp_path, key_ring_file, content, proxies=proxies)
    bad, good = desk.visitor(), desk.visitor()
    # What a visitor writes into the header himself stands before what the proxy adds.
    bad.client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.1, 203.0.113.7"
    good.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.7, 198.51.100.2"
    for n in range(20):
        bad.sign_in(f"Name {n}", "a guess at it")
    assert bad.sign_in("Dara").status_code == 429
    assert good.sign_in("Dara").status_code == (303 if proxies else 429)
