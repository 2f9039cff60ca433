"""The letter of a decision: its kinds, and what fills its blanks, in the language of whoever it is to."""

from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.letters import actions as letters
from park.letters.kinds import LetterKind, Place, register
from park.letters.models import Letter
from park.pages.wording import local_date
from park.workflow.calendar import working_days_after

from .models import Application, Decision
from .states import SECOND_LOOK_WINDOW

SEEDS = Path(__file__).parent / "data" / "letters"
LABELS = {
    "accepted": gettext_lazy("Decision: accepted"),
    "conditional": gettext_lazy("Decision: accepted with conditions"),
    "waitlisted": gettext_lazy("Decision: on the waiting list"),
    "rejected": gettext_lazy("Decision: not accepted"),
    "upheld": gettext_lazy("Second look: the decision stands"),
}
PLACES = {
    "title": Place.TEXT, "reason": Place.TEXT, "reasons": Place.LIST, "advice": Place.LIST, "scores": Place.TABLE,
    "conditions": Place.LIST, "officer": Place.TEXT, "until": Place.TEXT,
}  # fmt: skip


def register_letters() -> None:
    """Make the letters of this room known; called when the portal starts. All decisions are numbered in one series."""
    for name, label in LABELS.items():
        required = ("title", "conditions") if name == "conditional" else ("title",)
        register(
            LetterKind(
                f"decision-{name}", "DL", label, PLACES, SEEDS / f"{name}.json", required=required,
                told=gettext_lazy("Decision on an application"),
            )
        )  # fmt: skip


def write_letter(made: Decision, name: str = "") -> Letter:
    """Issue the letter of a decision, or of another kind that follows from it. Called inside the verbs.

    It takes the place of the letter of an earlier decision; a refusal that was upheld keeps its own beside it.
    """
    application = made.application
    user = application.talent.user
    language = user.language if user else "zh-hans"
    earlier = None if name == "upheld" else decisions_told(application).filter(replaced_by=None).first()
    with translation.override(language):
        return letters.issue(
            kind=f"decision-{name or made.outcome}", subject=application, to=user, language=language,
            context=words_of(made), about=application.ref, name="" if user else str(application.talent),
            replaces=earlier,
        )  # fmt: skip


def end_letters(application: Application, reason: str) -> None:
    """Say of the letter of a decision that does not hold any more that it is no longer valid. Called inside the verbs.

    ``reason`` is a sentence not yet translated: it is kept in the language of the letter.
    """
    for letter in decisions_told(application).valid():
        with translation.override(letter.language):
            letters.revoke(letter=letter, reason=_(reason))


def words_of(made: Decision) -> dict:
    """Return what fills the blanks, in the active language."""
    application = made.application
    until = local_date(working_days_after(made.decided_at, SECOND_LOOK_WINDOW), "long") if made.decided_at else ""
    return {
        "title": application.title,
        "reason": str(made.get_reason_code_display()) if made.reason_code else "",
        "reasons": lines(made.criterion),
        "advice": lines(made.advice),
        "scores": table(made.scores),
        "conditions": [
            _("%(text)s By %(day)s.") % {"text": each.text, "day": local_date(each.due, "long")}
            for each in made.conditions.all()
        ],
        "officer": application.officer.display_name if application.officer else "",
        "until": until if made.outcome == Decision.Outcome.REJECTED else "",
    }


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def table(scores: list[dict]) -> dict:
    """Return the experts' view by criterion, as a letter shows it."""
    language = translation.get_language()
    head = [_("Criterion"), _("Of %(most)s") % {"most": scores[0].get("of", 5)} if scores else "", _("Reason")]
    rows = [
        [row["label"].get(language) or next(iter(row["label"].values())), row["score"], row.get("reason", "")]
        for row in scores
    ]
    return {"head": head, "rows": rows} if rows else {}


def decisions_told(application: Application):
    """Return the letters of decisions on an application, newest first."""
    return Letter.objects.about(application).filter(kind__startswith="decision-")


def letter_of(application: Application) -> Letter | None:
    """Return the letter of the decision that stands."""
    return decisions_told(application).defer("content").first()
