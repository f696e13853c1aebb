"""Exports: ask for a table of cases without a person, see it being made, take it away."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField

from hotline import audit, export_files, export_rows, exporting
from hotline.core.suppression import told_number
from hotline.storage import export_job
from hotline.web.desk.forms import DeskForm, say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import EXPORT
from hotline.web.desk.page import POST, Page
from hotline.web.desk.visit import Visit, visit

SHOWN = 20
_FORMATS = (("xlsx", _("Excel (xlsx)")), ("csv", _("Plain table (csv)")))
_TOO_MANY = _("Other exports are being made. Wait until one of them is ready.")
_TURNED = _("The last month is before the first.")


class ExportForm(DeskForm):
    first = SelectField(_("From month"), validate_choice=True)
    last = SelectField(_("To month"), validate_choice=True)
    format = RadioField(_("Kind of file"), default="xlsx")

    def validate_last(self, field: Any) -> None:
        if self.first.data and field.data and field.data < self.first.data:
            field.errors.append(say(_TURNED))


def _form(here: Visit) -> ExportForm:
    newest = exporting.last_month(here.hotline.now())
    months = [newest]
    while len(months) < exporting.LONGEST:
        months.append(export_rows.month_before(months[-1]))
    form = ExportForm(request.form)
    for field in (form.first, form.last):
        field.choices = [(month, f"{month[5:]}/{month[:4]}") for month in months]
    form.format.choices = [(code, say(words)) for code, words in _FORMATS]
    return form


def show() -> ResponseReturnValue:
    return _page(visit(), _form(visit()))


def _page(here: Visit, form: ExportForm, refused: str = "", status: int = 200) -> tuple[str, int]:
    with here.hotline.reading() as tx:
        jobs = export_job.newest_exports(tx, SHOWN)
    page = render_template(
        "exports.html",
        form=form,
        refused=refused,
        jobs=jobs,
        left_out=_left_out,
        is_under_way=any(job.state in export_job.UNDER_WAY for job in jobs),
        kept_hours=int(exporting.KEPT.total_seconds() // 3600),
    )
    return page, status


def _left_out(job: Any) -> str:
    return told_number((job.total or 0) - (job.told or 0))


def start() -> ResponseReturnValue:
    here = visit()
    form = _form(here)
    if not form.validate():
        return _page(here, form, status=422)
    with here.hotline.transaction() as tx:
        number = exporting.ask(
            here.hotline, tx, here.member.id, form.format.data, form.first.data, form.last.data
        )
    if number is None:
        return _page(here, form, say(_TOO_MANY), 409)
    here.hotline.ring({"exports"})
    return redirect(url_for("desk.exports"), 303)


def cancel(number: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        if export_job.get_export(tx, number) is None:
            abort(404)
        exporting.cancel(here.hotline, tx, here.member.id, number)
    return redirect(url_for("desk.exports"), 303)


def download(number: int) -> ResponseReturnValue:
    """Piece by piece: a large one is never whole in memory."""
    here = visit()
    with here.hotline.transaction() as tx:
        job = export_job.get_export(tx, number)
        if job is None or job.state != export_job.DONE:
            abort(404)
        now, told = here.hotline.now(), f"{job.told} rows"
        audit.note(tx, now, here.actor, "download_export", f"export:{number}", told)
    try:
        sealed = export_files.folder(here.hotline) / job.file
        pieces = export_files.open_file(here.hotline.vault, sealed, job.size)
    except FileNotFoundError:
        abort(404)
    answer = Response(pieces, mimetype=export_files.MIME[job.format])
    name = f"cases-{job.first_month}-{job.last_month}.{job.format}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.content_length = job.size
    return answer


PAGES = (
    Page("/exports", "exports", show, EXPORT, menu=_("Exports")),
    Page("/exports", "start_export", start, EXPORT, POST, proves=True),
    Page("/exports/<int:number>/cancel", "cancel_export", cancel, EXPORT, POST),
    Page("/exports/<int:number>/file", "download_export", download, EXPORT, proves=True),
)
