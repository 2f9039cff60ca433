"""What an applicant gets for a sent application: its number, by year without a gap and without a double, and a receipt
that anybody can check, with everything that was sent."""

import datetime as dt
from pathlib import Path

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.letters import actions as letters
from park.letters.kinds import LetterKind, Place
from park.letters.models import Letter
from park.workflow.calendar import beijing_day

from . import team
from .definition import read
from .models import Application, ReceiptNumber, Revision
from .reading import paper_rows, sections
from .telling import day, due_of, moment

KIND = LetterKind(
    "receipt", "RC", gettext_lazy("Receipt of an application"),
    {"title": Place.TEXT, "sent": Place.TEXT, "check_by": Place.TEXT, "confirmed": Place.LIST, "papers": Place.LIST,
     "answers": Place.TABLE},
    Path(__file__).parent / "data" / "letters" / "receipt.json", required=("title", "sent", "answers"),
    told=gettext_lazy("Receipt"),
)  # fmt: skip


def next_receipt(at: dt.datetime) -> str:
    """Take the next number of the year. Its row stays locked until the act ends: none is lost, none given twice."""
    year = beijing_day(at).year
    ReceiptNumber.objects.bulk_create([ReceiptNumber(year=year)], ignore_conflicts=True)
    row = ReceiptNumber.objects.select_for_update().get(year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return str(row)


def issue_receipt(application: Application, revision: Revision) -> Letter:
    """Issue the receipt of what was just sent, in the language of its applicant. Its PDF follows."""
    to = application.talent.user
    with translation.override(to.language), timezone.override(to.time_zone):
        context = words(application, revision)
    return letters.issue(
        kind=KIND.name, subject=application, to=to, language=to.language, context=context, about=application.ref,
        name=str(application.talent) or to.display_name,
    )  # fmt: skip


def words(application: Application, revision: Revision) -> dict:
    """Return what the receipt says, in the active language."""
    definition = read(application.form)
    papers = [task.key for task in definition.tasks if task.kind == "papers"]
    lines = [
        _("%(question)s: %(answer)s") % {"question": row["label"], "answer": row["value"].replace("\n", " · ")}
        for key in papers
        for row in paper_rows(definition, revision.answers.get(key) or [])
    ]
    without = {key: value for key, value in revision.answers.items() if key not in papers}
    signed = team.confirmations(application, team.digest_of(revision.answers)).values()
    check_by = due_of(application, "screening")
    return {
        "title": application.title,
        "sent": moment(application.submitted_at),
        "check_by": day(check_by) if check_by else "",
        "confirmed": [f"{each.user.display_name}, {moment(each.signed_at)}" for each in signed],
        "papers": lines,
        "answers": {
            "head": [_("Question"), _("Answer")],
            "rows": [[row["label"], row["value"]] for each in sections(application, without) for row in each["rows"]],
        },
    }


def receipt_of(application: Application) -> Letter | None:
    """Return the receipt that holds, of an application that was sent."""
    return Letter.objects.about(application).filter(kind=KIND.name).valid().first()
