"""One's own account: who one is here, and what proves it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import Page


def show() -> ResponseReturnValue:
    return render_template("account.html")


PAGES = (Page("/account", "account", show, ENTER, menu=_("Your account")),)
