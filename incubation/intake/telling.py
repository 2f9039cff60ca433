"""Who is told what of an application, in words of their own language."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.contrib.auth import get_user_model
from django.utils import timezone, translation

from park.casework import access as casework
from park.notices import actions as notices
from park.notices.kinds import Kind, Topic, register
from park.organisations.models import Membership
from park.pages.wording import local_date, two_clocks
from park.workflow.models import Clock

from . import access
from .models import Application, Condition

LETTERS = {  # to the applicant; what is decided or due cannot be turned down
    "draft-closing": False,
    "draft-idle": False,
    "application-sent": False,
    "application-taken": True,
    "application-question": False,
    "application-reminder": False,
    "application-last-reminder": False,
    "application-answered": True,
    "application-unanswered": False,
    "application-in-review": True,
    "application-accepted": False,
    "application-rejected": False,
    "application-conditional": False,
    "application-condition-due": False,
    "application-condition-met": True,
    "application-waitlisted": False,
    "application-second-look": False,
    "application-upheld": False,
    "application-withdrawn": False,
    "application-returned": True,
    "application-closed": False,
    "application-message": True,
    "workspace-joined": False,
}
TO_OFFICERS = (
    "application-arrived",
    "application-answer-came",
    "application-gone",
    "application-late",
    "application-yours",
    "application-to-decide",
    "application-look-again",
    "application-evidence",
    "application-condition-late",
    "application-written",
)
BILINGUAL = {
    "application-accepted", "application-conditional", "application-rejected", "application-upheld",
    "application-waitlisted",
}  # fmt: skip


def register_kinds() -> None:
    """Make the kinds of this room known; called when the portal starts."""
    for name, mutable in LETTERS.items():
        register(Kind(name, Topic.APPLICATIONS, mutable=mutable, bilingual=name in BILINGUAL, icon="mail"))
    for name in TO_OFFICERS:
        register(Kind(name, Topic.WORK, icon="list"))


def tell_applicant(
    kind: str, application: Application, words: Callable[[], dict] | None = None, about=None
) -> None:
    """Tell the applicant and the co-applicants one thing.

    ``words`` is called in the language of each reader and returns what the letter needs besides. ``about`` is what it
    is about if not the application itself: a record of its own (a condition, a message).
    """
    people = [application.talent.user] if application.talent.user_id else []
    people += [each.user for each in application.co_applicants.current().select_related("user")]
    _tell(kind, application, people, words, about)


def tell_officers(
    kind: str, application: Application, words: Callable[[], dict] | None = None, about=None, by=None
) -> None:
    """Tell the officer who has the case and who stands in for them, or all officers while nobody has taken it.

    ``by`` knows it already.
    """
    if application.officer_id:
        absence = casework.away().get(application.officer_id)
        people = [application.officer, *([absence.substitute] if absence else [])]
    else:
        people = list(officers())
    not_told = {*application.roles, by.pk if by else None}
    _tell(kind, application, [each for each in people if each.pk not in not_told], words, about)


def tell_of_condition(kind: str, condition: Condition, *, staff: bool = False) -> None:
    """Tell the applicant, or the officer who has the case, one thing of one condition."""
    application = condition.decision.application
    tell = tell_officers if staff else tell_applicant
    tell(
        kind, application,
        lambda: {"text": condition.text, "due": condition.due.isoformat(), "who": str(application.talent)},
        about=condition,
    )  # fmt: skip


def tell_deciders(kind: str, application: Application, words: Callable[[], dict] | None = None, but=None) -> None:
    """Tell those who may decide, but for the applicant and for whoever's proposal or decision it is about."""
    people = get_user_model().objects.with_perm(access.DECIDE, include_superusers=False)
    out = {*application.roles, application.officer_id, but.pk if but else None}
    _tell(kind, application, [each for each in people if each.pk not in out], words)


def tell_member(membership: Membership, application: Application) -> None:
    """Tell somebody who took part in an application that they act for the tenant that it became, and as what."""
    _tell(
        "workspace-joined", application, [membership.user],
        lambda: {"role": str(membership.get_role_display()), "slug": membership.organisation.slug}, about=membership,
    )  # fmt: skip


def officers():
    """Return the people who may take an application."""
    return get_user_model().objects.with_perm(access.SCREEN, include_superusers=False).filter(is_staff=True)


def _tell(
    kind: str, application: Application, people: Iterable, words: Callable[[], dict] | None, about=None
) -> None:
    about = about or application
    by_language: dict[str, list] = {}
    for person in people:
        by_language.setdefault(person.language, []).append(person)
    for language, readers in by_language.items():
        with translation.override(language), timezone.override(readers[0].time_zone):
            context = {"ref": application.ref, "title": application.title, "pk": application.pk}
            context |= words() if words else {}
        notices.tell(
            kind, recipients=readers, subject_id=about.pk, version=getattr(about, "version", 1),
            context=context,
        )  # fmt: skip


def due_of(application: Application, name: str) -> datetime | None:
    """Return when a promise on an application is due, whether it stands still or not."""
    return Clock.objects.of(application).filter(name=name).order_by("-pk").values_list("due_at", flat=True).first()


def moment(at) -> str:
    """Write a deadline as letters have it: Beijing time spelled out, and the reader's own where it differs."""
    clocks = two_clocks(at)
    return f"{clocks['here']} · {clocks['there']}" if clocks["there"] else clocks["here"]


def day(at) -> str:
    return local_date(at, "long")
