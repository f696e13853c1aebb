"""The way in: every page, what it asks of a person, and the one guard before all of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from hotline import sessions
from hotline.core.listed_service import phone_links
from hotline.parts import Hotline
from hotline.web.desk import times
from hotline.web.desk.error_pages import add_error_pages
from hotline.web.desk.form_token import check_form_token, form_token, is_of_ours
from hotline.web.desk.headers import guard_answer
from hotline.web.desk.languages import FIRST, LANGUAGES, translate
from hotline.web.desk.need_to_know import may
from hotline.web.desk.own_place import is_part_of_a_page, keep_place, send, was_pressed
from hotline.web.desk.page import READS, Page
from hotline.web.desk.pages import BY_ENDPOINT, PAGES
from hotline.web.desk.renewing import lead_away
from hotline.web.desk.session_cookie import AFTERWARDS, TOKEN, DeskSessions
from hotline.web.desk.static_files import finish_static, static_url
from hotline.web.desk.typed_words import all_typed
from hotline.web.desk.visit import Visit, visit
from hotline.web.desk.words import SHAPES, in_words

LARGEST_FORM = 256 * 1024
"""Room for a note of 10,000 Khmer letters, each sent as nine bytes."""

LARGEST_NUMBER = 2**31 - 1
MOST_PARTS = 300
"""Fields of one form."""

OPEN_TO_ALL = frozenset({"desk.sign_in", "desk.enter", "desk.static"})


def desk_blueprint(hotline: Hotline) -> Blueprint:
    """The whole desk under /desk/."""
    blueprint = Blueprint(
        "desk",
        __name__,
        url_prefix="/desk",
        template_folder="templates",
        static_folder="static",
    )
    for page in PAGES:
        blueprint.add_url_rule(page.path, page.name, page.view, methods=page.methods)
    blueprint.before_request(lambda: _admit(hotline))
    blueprint.after_request(_finish)
    blueprint.context_processor(_words_of_templates)
    add_error_pages(blueprint, hotline)
    blueprint.record_once(lambda state: _set_cookies(state, hotline))
    return blueprint


def _admit(hotline: Hotline) -> ResponseReturnValue | None:
    """Nobody gets further but who is signed in and may see this page."""
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM
    request.max_form_parts = MOST_PARTS
    if request.endpoint == "desk.static":
        return None
    member = _who(hotline)
    g.visit = Visit(hotline, member.language if member else _language_asked(), member)
    if request.endpoint not in OPEN_TO_ALL:
        if member is None:
            return _send_to_sign_in()
        if _names_no_row():
            abort(404)
        elsewhere = _stop(hotline, member, BY_ENDPOINT.get(request.endpoint or ""))
        if elsewhere is not None:
            return elsewhere
    if request.method not in READS:
        check_form_token()
    return None


def _names_no_row() -> bool:
    """A number in the address that is larger than any a database gives."""
    given = (request.view_args or {}).values()
    return any(isinstance(value, int) and value > LARGEST_NUMBER for value in given)


def _stop(
    hotline: Hotline, member: sessions.Member, page: Page | None
) -> ResponseReturnValue | None:
    """Where to send who may not open this page now; None: it opens."""
    if page is None or page.needs is None:
        abort(403)
    if member.is_early and not page.early:
        return send("desk.second_step")
    if not may(member, page.needs):
        home = _home_of(member)
        if page.path != "/" or home is None:
            abort(403)
        return redirect(url_for(home), 303)
    if page.proves and not member.is_early and sessions.needs_proof(member, hotline.now()):
        return _ask_for_proof()
    return None


def _ask_for_proof() -> ResponseReturnValue:
    """Then back here; a player on a page cannot go there, so the page offers the way."""
    if request.method in READS and is_part_of_a_page():
        abort(403)
    keep_place()
    return send("desk.prove")


def _home_of(member: sessions.Member) -> str | None:
    """The first page of the menu that is for this role."""
    mine = (page for page in PAGES if page.menu and page.needs and may(member, page.needs))
    return next((f"desk.{page.name}" for page in mine), None)


def _menu() -> list[tuple[str, str, bool]]:
    """Endpoint, English name, whether it is the page before us: of every page for this role."""
    member = visit().someone if "visit" in g else None
    if member is None or member.is_early:
        return []
    return [
        (f"desk.{page.name}", page.menu, request.endpoint == f"desk.{page.name}")
        for page in PAGES
        if page.menu and page.needs and may(member, page.needs)
    ]


def _who(hotline: Hotline) -> sessions.Member | None:
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    return sessions.who_is(hotline, token, quiet="quiet" in request.args)


def _send_to_sign_in() -> ResponseReturnValue:
    """Who was signed out while they wrote gets their words back first."""
    if request.method not in READS and is_of_ours() and all_typed():
        abort(401)
    if request.method in READS and request.endpoint == "desk.case":
        session[AFTERWARDS] = (request.view_args or {})["ref"]
    return send("desk.sign_in")


def _language_asked() -> str:
    asked = request.args.get("language", FIRST)
    return asked if asked in LANGUAGES else FIRST


def _finish(response: Response) -> Response:
    is_static = request.endpoint == "desk.static"
    if is_static:
        response = finish_static(response)
    return guard_answer(lead_away(response), may_be_kept=is_static)


def _set_cookies(state: BlueprintSetupState, hotline: Hotline) -> None:
    app: Any = state.app  # as in audio.py: its type is that of a scaffold, and this is Flask
    app.session_interface = DeskSessions()
    is_https = hotline.settings.public_base_url.startswith("https://")
    app.config.update(
        # With this prefix a browser takes it only from an https page. (Not __Host-: that would send
        # it to the whole site, and carriers' webhooks are to know no cookie.)
        SESSION_COOKIE_NAME="__Secure-desk" if is_https else "desk",
        SESSION_COOKIE_PATH="/desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        # The cookie ends with the browser; how long it is worth something is decided here.
        SESSION_REFRESH_EACH_REQUEST=False,
    )


def _words_of_templates() -> dict[str, Any]:
    here = visit() if "visit" in g else None
    language = here.language if here else FIRST
    return {
        "_": lambda english, **values: translate(language, english, **values),
        "in_words": lambda group, code: in_words(language, group, code),
        "age": lambda moment, now: times.age(moment, now, language),
        "until": lambda moment, now: times.until(moment, now, language),
        "clock": lambda moment: times.clock(moment, here.hotline.now() if here else None),
        "stamp": times.stamp,
        "phone_links": phone_links,
        "shapes": SHAPES,
        "language": language,
        "languages": LANGUAGES,
        "someone": here.someone if here else None,
        "needs_proof": _needs_proof(here),
        "was_pressed": was_pressed,
        "menu": _menu,
        "static_url": static_url,
        "form_token": lambda: form_token(visit().hotline),
    }


def _needs_proof(here: Visit | None) -> bool:
    """Whether what `proves` would ask first; a page may offer the way to it."""
    if here is None or here.someone is None:
        return False
    return sessions.needs_proof(here.someone, here.hotline.now())
