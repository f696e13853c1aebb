"""Signatures: the same verdict as the SDK's validator, and every trap on the way there."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from hotline.carriers.signature import Signature

TOKEN = "0123456789abcdef0123456789abcdef"
SDK = RequestValidator(TOKEN)

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
pairs = st.lists(st.tuples(words, words), max_size=8)
hosts = st.sampled_from(
    [
        "https://line.example.org",
        "https://line.example.org:443",
        "https://line.example.org:8443",
        "http://line.example.org",
        "http://127.0.0.1:8000",
        "http://127.0.0.1:80",
        "https://line.example.org/hotline",
    ]
)
targets = st.sampled_from(
    [
        "/calls/twilio/turn?n=3&l=km",
        "/texts/twilio/incoming",
        "/calls/twilio/turn?x=%E1%9E%80%2F%20&y=a+b",
        "/calls/twilio/turn?n=1&n=2",
        "/calls/twilio/turn/",
    ]
)


@given(base=hosts, signed_base=hosts, target=targets, form=pairs)
@settings(max_examples=300)
def test_our_verdict_is_the_sdks(base, signed_base, target, form):
    signature = SDK.compute_signature(signed_base + target, MultiDict(form))
    assert Signature(TOKEN, base).fits(target, form, signature) == SDK.validate(
        base + target, MultiDict(form), signature
    )


@given(form=pairs, told=words)
@settings(max_examples=100)
def test_a_signature_that_is_not_one_never_fits(form, told):
    assert not Signature(TOKEN, "https://h.example").fits("/x", form, told)


@given(body=words)
@settings(max_examples=100)
def test_our_verdict_on_a_json_body_is_the_sdks(body):
    right = hashlib.sha256(body.encode()).hexdigest()
    wrong = hashlib.sha256(b"something else").hexdigest()
    for digest in (right, wrong):
        target = f"/texts/twilio/status?bodySHA256={digest}"
        signature = SDK.compute_signature("https://h.example" + target, {})
        ours = Signature(TOKEN, "https://h.example").fits_json(target, body.encode(), signature)
        assert ours == SDK.validate("https://h.example" + target, body, signature)


def test_a_json_body_without_its_hash_in_the_address_never_fits():
    signature = SDK.compute_signature("https://h.example/x", {})
    assert not Signature(TOKEN, "https://h.example").fits_json("/x", b"{}", signature)


def test_the_token_of_another_carrier_does_not_fit():
    signature = RequestValidator("another-token").compute_signature("https://h.example/x", {})
    assert not Signature(TOKEN, "https://h.example").fits("/x", [], signature)


def test_a_repeated_pair_counts_once_and_the_order_does_not_matter():
    form = [("b", "2"), ("a", "1"), ("a", "0"), ("b", "2")]
    signature = SDK.compute_signature("https://h.example/x", MultiDict(form))
    assert Signature(TOKEN, "https://h.example").fits("/x", form[::-1], signature)


@pytest.mark.parametrize("base", ["https://h.example", "https://h.example:443"])
def test_the_usual_port_may_be_written_or_not(base):
    for signed in ("https://h.example/x", "https://h.example:443/x"):
        assert Signature(TOKEN, base).fits("/x", [], SDK.compute_signature(signed, {}))


def test_another_port_is_another_address():
    signature = SDK.compute_signature("https://h.example:8443/x", {})
    assert not Signature(TOKEN, "https://h.example").fits("/x", [], signature)
