"""Prompts over HTTP: for good, in parts, and nothing else of the disk."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.core.prompt import Sound
from hotline.web.audio import SoundFaults, audio_blueprint, shelf_from
from tests.web.line import MP3, MP3_HASH, SmallHotline, app_with

URL = f"/audio/km/V_WELCOME.{MP3_HASH}.mp3"
SIZE = len(MP3)


@pytest.fixture
def client(tmp_path):
    app = app_with(audio_blueprint(SmallHotline(tmp_path), tmp_path))
    app.add_url_rule("/elsewhere", view_func=lambda: "here", endpoint="elsewhere")
    return app.test_client()


def test_a_take_may_be_kept_for_good(client):
    reply = client.get(URL)
    assert (reply.status_code, reply.data) == (200, MP3)
    assert reply.headers["Content-Type"] == "audio/mpeg"
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reply.headers["ETag"] == f'"{MP3_HASH}"'
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert int(reply.headers["Content-Length"]) == SIZE


def test_head_tells_the_same_without_the_sound(client):
    reply = client.head(URL)
    assert (reply.status_code, reply.data) == (200, b"")
    assert int(reply.headers["Content-Length"]) == SIZE


@pytest.mark.parametrize("known", [f'"{MP3_HASH}"', f'W/"{MP3_HASH}"', f'"x", "{MP3_HASH}"', "*"])
def test_who_has_it_already_gets_304(client, known):
    reply = client.get(URL, headers={"If-None-Match": known})
    assert (reply.status_code, reply.data) == (304, b"")
    assert reply.headers["ETag"] == f'"{MP3_HASH}"'


def test_who_has_another_gets_this_one(client):
    assert client.get(URL, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        (f"bytes=-{SIZE * 2}", 0, SIZE - 1),
        (f"bytes=5-{SIZE * 2}", 5, SIZE - 1),
    ],
)
def test_a_part_of_it_can_be_had(client, asked, start, end):
    reply = client.get(URL, headers={"Range": asked})
    assert reply.status_code == 206
    assert reply.headers["Content-Range"] == f"bytes {start}-{end}/{SIZE}"
    assert reply.data == MP3[start : end + 1]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", f"bytes={SIZE}-{SIZE + 1}"])
def test_a_part_beyond_the_end_is_416(client, asked):
    reply = client.get(URL, headers={"Range": asked})
    assert (reply.status_code, reply.data) == (416, b"")
    assert reply.headers["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize("asked", ["bytes=5-1", "bytes=-", "bytes=0-1,3-4", "words=1-2", "x"])
def test_nonsense_about_parts_gets_all_of_it(client, asked):
    reply = client.get(URL, headers={"Range": asked})
    assert (reply.status_code, reply.data) == (200, MP3)


def test_a_part_of_an_older_take_is_not_mixed_with_this_one(client):
    headers = {"Range": "bytes=0-9", "If-Range": '"older"'}
    assert client.get(URL, headers=headers).data == MP3
    headers["If-Range"] = f'"{MP3_HASH}"'
    assert client.get(URL, headers=headers).data == MP3[:10]


@given(st.text(alphabet="bytes=0123456789-, ", max_size=30))
@settings(max_examples=200)
def test_no_range_makes_it_fail(asked):
    sound = SimpleNamespace(sounds={"km": Sound("take.mp3", MP3_HASH, 1.0, "scratch")})
    shelf = shelf_from({"V_WELCOME": sound}, _Folder())
    statuses = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": URL, "HTTP_RANGE": asked}
    shelf(environ, lambda status, headers: statuses.append(status))
    assert statuses[0][:3] in ("200", "206", "416")


class _Folder:
    def __truediv__(self, _name):
        return self

    def read_bytes(self):
        return MP3


@pytest.mark.parametrize(
    "path",
    [
        "/audio/",
        "/audio/km/V_WELCOME.000000000000.mp3",
        f"/audio/km/V_NOBODY.{MP3_HASH}.mp3",
        "/audio/../../etc/passwd",
        "/audio/%2e%2e/%2e%2e/etc/passwd",
        "/audio/km/take.mp3",
        "/audio//etc/passwd",
    ],
)
def test_only_listed_takes_can_be_asked_for(client, path):
    assert client.get(path).status_code == 404


def test_a_prompt_is_not_written_to(client):
    assert client.post(URL).status_code == 405


def test_the_rest_of_the_app_is_still_there(client):
    assert client.get("/elsewhere").data == b"here"


def test_a_missing_or_changed_recording_stops_the_start_and_names_all(tmp_path):
    hotline = SmallHotline(tmp_path)
    (tmp_path / "en" / "take.mp3").write_bytes(b"changed")
    (tmp_path / "km" / "take.mp3").unlink()
    with pytest.raises(SoundFaults) as caught:
        audio_blueprint(hotline, tmp_path)
    assert len(caught.value.faults) == 6
    assert "V_WELCOME (km): km/take.mp3 cannot be read" in str(caught.value)
    assert "V_WELCOME (en): en/take.mp3 is not the take listed" in str(caught.value)
