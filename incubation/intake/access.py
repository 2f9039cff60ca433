"""Who may move an application, and who may read its papers."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q
from django.utils.translation import gettext as _

from park.casework import access as casework
from park.letters.models import Letter
from park.workflow.machine import Move
from talents.profiles.models import Talent

from . import form_states, states
from .models import Application, ApplicationDocument, CoApplicant, Condition, Role, SecondLook

WRITE_FORMS, PUBLISH_FORMS = "intake.change_formversion", "intake.publish_formversion"
SCREEN, DECIDE = "intake.screen_application", "intake.decide_application"
PROPOSE = "intake.propose_decision"
ADD_RULES, CHANGE_RULES, PUBLISH_RULES = "intake.add_entryrule", "intake.change_entryrule", "intake.publish_entryrule"


def role_of(user, application: Application) -> str:
    """Return what this person does in the application; '' for everybody who takes no part in it."""
    if user.pk and application.talent.user_id == user.pk:
        return Role.LEAD
    return application.roles.get(user.pk, "")


def is_own(user, application: Application) -> bool:
    """Tell whether this person takes part: then they neither check it nor decide on it."""
    return bool(role_of(user, application))


def may_lead(user, application: Application) -> bool:
    """Tell whether this person may send and withdraw it, and say who takes part."""
    return role_of(user, application) == Role.LEAD


def may_write(user, application: Application) -> bool:
    return role_of(user, application) in (Role.LEAD, Role.EDITOR)


def has_the_case(user, application: Application) -> bool:
    """Tell whether this is the case officer, or who stands in for them today."""
    return application.officer_id == user.pk or casework.is_substitute_of(user, application.officer_id)


def may_make(user, move: Move, application: Application) -> bool:
    """Tell whether this move is this person's to make. Staff never act on an application of their own."""
    if user is None or move.by == states.SYSTEM:
        return user is None and move.by in (states.SYSTEM, states.PANEL)
    if move.by == states.APPLICANT:
        return may_lead(user, application)
    if is_own(user, application):
        return False
    match move.by:
        case states.OFFICER:
            return user.has_perm(SCREEN)
        case states.CASE_OFFICER:
            return user.has_perm(SCREEN) and has_the_case(user, application)
        case states.CHAIR | states.PANEL:
            return user.has_perm(PROPOSE)
        case states.DECIDER:
            return user.has_perm(DECIDE)
    return False


def is_open(application: Application, task: str) -> bool:
    """Tell whether a task can be changed: all of a draft, and of a sent one what the park asked for."""
    if application.waits_for_applicant:
        asked = application.requests.filter(closed_at=None).first()
        return asked is not None and asked.opens(task)
    return application.is_draft


def sent_and_seen(user):
    """Return the applications whose thread with the applicant this person reads."""
    return Application.objects.visible_to(user).filter(submitted_at__isnull=False)


def on_the_desk_of(user):
    """Return the applications of which this person reads what the applicant does not: officers, never of their own."""
    if not user.has_perm("intake.view_application"):
        return Application.objects.none()
    own = Talent.objects.filter(user=user).values("pk")  # not by a join: counts go over all applications
    joined = CoApplicant.objects.current().filter(user=user).values("application")
    return Application.objects.filter(submitted_at__isnull=False).exclude(Q(talent__in=own) | Q(pk__in=joined))


def papers_of_applications(user) -> Q:
    """Return the documents that officers read because a sent application uses them."""
    if not user.has_perm("intake.view_application"):
        return Q(pk__in=[])
    used = ApplicationDocument.objects.filter(application__submitted_at__isnull=False).values("document")
    shown = Condition.objects.filter(evidence__isnull=False).values("evidence")
    claimed = SecondLook.objects.filter(evidence__isnull=False).values("evidence")
    return Q(pk__in=used) | Q(pk__in=shown) | Q(pk__in=claimed)


def papers_of_teams(user) -> Q:
    """Return the documents of others that a person reads because both take part in an application that uses them."""
    own = Application.objects.taken_part_in_by(user)
    return Q(pk__in=ApplicationDocument.objects.filter(application__in=own).values("document"))


def letters_of_teams(user) -> Q:
    """Return the letters to the applicant that co-applicants read too: what is to others stays with them.

    An applicant without an account is written to by name alone (``to`` is None).
    """
    own = Application.objects.taken_part_in_by(user).values("pk")
    kind = ContentType.objects.get_for_model(Application)
    about = Letter.objects.filter(content_type=kind, object_id__in=own)
    told = about.filter(Q(to=None) | Q(to__talent__applications=F("object_id")))
    return Q(pk__in=told.values("pk"))


def used_in_applications(documents) -> dict[int, list[str]]:
    """Return in which applications each of these papers is used, for the owner's vault."""
    used: dict[int, list[str]] = {}
    entries = [
        ApplicationDocument.objects.filter(document__in=documents).values_list("pk", "document", "application__ref"),
        Condition.objects.filter(evidence__in=documents).values_list("pk", "evidence", "decision__application__ref"),
        SecondLook.objects.filter(evidence__in=documents).values_list("pk", "evidence", "application__ref"),
    ]
    for _pk, document, ref in (entry for kind in entries for entry in kind.order_by("pk")):
        words = _("Application %(ref)s") % {"ref": ref}
        if words not in used.setdefault(document, []):
            used[document].append(words)
    return used


def may_form(user, move: Move, version) -> bool:
    """Tell whether a step of a form version is this person's to make."""
    match move.by:
        case form_states.WRITER:
            return user is not None and user.has_perm(WRITE_FORMS)
        case form_states.PUBLISHER:
            return user is not None and user.has_perm(PUBLISH_FORMS)
    return user is None and move.by == form_states.SYSTEM
