"""Paper: every question of the form, and a draft as it stands, as pages to print and as PDF. Nothing is stored."""

import json
from pathlib import Path

import typst
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from park.accounts import limits
from park.accounts.doors import open_to_all, row_by_row
from park.letters.pdfs import FONTS, WORDMARKS
from park.pages.wording import local_date

from .definition import Definition, Field, Paper, Task, read
from .models import FormVersion
from .progress import Draft
from .reading import sections
from .views import OWN, own
from .vocabulary import LISTS, choices_of

SOURCE = Path(__file__).parent / "data" / "answers.typ"
LONGEST_LIST = 12  # choices that are printed one by one; countries, say, are not
DAY = 24 * 60 * 60


def form_in_use() -> FormVersion:
    form = FormVersion.objects.in_use()
    if form is None:
        raise Http404
    return form


@open_to_all("What the park asks is public.")
@require_safe
def questions(request):
    """Every question of the form on one page, to print."""
    page = {
        "parts": all_questions(read(form_in_use())),
        "crumbs": [(_("How to apply"), reverse("intake:guide")), (_("All questions"), "")],
    }
    return render(request, "intake/all_questions.html", page)


@open_to_all("What the park asks is public.")
@require_GET
def questions_pdf(request):
    """Every question of the form as PDF; drawn once a version and language."""
    form = form_in_use()
    key = f"intake:questions:{form.pk}:{get_language()}"
    content = cache.get(key)
    if content is None:
        parts = all_questions(read(form))
        content = draw({
            "title": _("All questions of the application"),
            "number_line": _("Form %(number)s") % {"number": form.number},
            "note": _("To prepare with. You apply on the pages of the portal; nothing is sent on paper."),
            "sections": [
                {"label": f"{part['number']}. {part['label']}: {task['label']}", "rows": task["rows"]}
                for part in parts
                for task in part["tasks"]
            ],
        })  # fmt: skip
        cache.set(key, content, DAY)
    return as_pdf(content, _("questions"))


@row_by_row(OWN)
@require_GET
def draft_pdf(request, ref):
    """The answers of a draft, or of what was sent last, as PDF under its number."""
    record = own(request, ref)
    if limits.spend("pdf", request.user):
        messages.warning(request, _("You loaded very many PDFs within an hour. Go on a little later."))
        return redirect("intake:application", record.ref)
    revision = None if record.is_draft else record.revisions.order_by("-number").first()
    answers = revision.answers if revision else Draft.of(record).snapshot()
    if revision:
        words = {"number": revision.number, "day": local_date(revision.sent_at, "moment")}
        note = _("As sent, version %(number)s, %(day)s Beijing time") % words
    else:
        note = _("Draft, not sent. Saved %(day)s Beijing time") % {"day": local_date(record.saved_at, "moment")}
    content = draw({
        "title": record.title or _("Project without a title"),
        "number_line": _("No. %(number)s") % {"number": record.ref},
        "note": note,
        "sections": [
            {"label": each["label"], "rows": [row | {"note": ""} for row in each["rows"]]}
            for each in sections(record, answers)
        ],
    })  # fmt: skip
    return as_pdf(content, record.ref)


def draw(data: dict) -> bytes:
    """Return a PDF/A of sections with questions and answers. Data reaches the source as data only."""
    language = get_language() or "en"
    wordmark = WORDMARKS / ("wordmark-zh.svg" if language == "zh-hans" else "wordmark-en.svg")
    frame = {
        "language": language, "park": _("Overseas Talent Entrepreneurial Park"),
        "wordmark": wordmark.read_text(encoding="utf-8"), "day": local_date(timezone.localdate(), "long"),
    }  # fmt: skip
    return typst.compile(
        str(SOURCE), font_paths=[str(FONTS)], ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(frame | data, ensure_ascii=False)}, pdf_standards=["a-2b"],
    )  # fmt: skip


def as_pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf")
    return response


# --- The questions in words -------------------------------------------------------------------------------------------
def all_questions(definition: Definition) -> list[dict]:
    """Return parts, tasks and questions as they are printed."""
    return [
        {
            "number": part.number,
            "label": part.label,
            "tasks": [{"label": task.label, "rows": task_rows(task)} for task in part.tasks],
        }
        for part in definition.parts
    ]


def task_rows(task: Task) -> list[dict]:
    if task.kind == "stays":
        return [{
            "label": task.label, "note": task.hint,
            "value": _("Each study, post or visit: where, what, from which month to which."),
        }]  # fmt: skip
    if task.kind == "papers":
        return [{"label": paper.label, "note": paper.hint, "value": when_needed(paper)} for paper in task.papers]
    rows = []
    for field in task.fields:
        rows.append(question_row(field))
        rows += [question_row(each, field.entry_label) for each in field.fields]
    return rows


def when_needed(paper: Paper) -> str:
    if paper.data.get("required") and not paper.data.get("when"):
        return _("Needed")
    some = paper.data.get("required_when") or (paper.data.get("required") and paper.data.get("when"))
    return _("Needed in some cases") if some else _("If you have one")


def question_row(field: Field, inside: str = "") -> dict:
    """Return one question with what can be chosen, and whether everybody is asked."""
    label = _("%(entry)s: %(question)s") % {"entry": inside, "question": field.label} if inside else field.label
    notes = [field.hint] if field.hint else []
    if field.is_repeated:
        notes.append(_("Once for each"))
    elif not field.required:
        notes.append(_("optional"))
    if field.is_conditional:
        notes.append(_("asked in some cases only"))
    choices = choices_of(field) if field.type in LISTS else []
    value = " · ".join(str(each) for _value, each in choices) if len(choices) <= LONGEST_LIST else ""
    return {"label": label, "note": "; ".join(notes), "value": value}
