"""The officers' queue: the morning's questions, asked of rows and counted, the same for list, home and tests."""

from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, DateField, DateTimeField, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.registry.models import Founder
from park.casework.access import stands_in_for
from park.casework.models import Absence, Flag, Message, Side, Visibility
from park.workflow.models import Clock

from . import access
from .models import Application, CoApplicant
from .states import MORE_INFO, SUBMITTED, TO_DECIDE, WITH_THE_PARK

LABELS = {
    "mine": _("Mine"),
    "stand_in": _("Where I stand in"),
    "unassigned": _("Unassigned"),
    "applicant": _("Waiting for the applicant"),
    "late": _("Late"),
    # xgettext:no-python-format
    "warning": _("70 % of the time is used"),
    "away": _("Whose officer is away"),
    "written": _("The applicant wrote last"),
    "decide": _("To be decided"),
}
OURS = tuple(state for state in WITH_THE_PARK if state != MORE_INFO)  # where being late is the park's own


def clocks():
    return Clock.objects.filter(content_type=ContentType.objects.get_for_model(Application))


def question(name: str, user) -> Q:
    """Return which applications a question of the queue names for this person."""
    match name:
        case "mine":
            return Q(officer=user, state__in=WITH_THE_PARK)
        case "stand_in":
            return Q(officer__in=stands_in_for(user), state__in=WITH_THE_PARK)
        case "unassigned":
            return Q(officer=None, state=SUBMITTED)
        case "applicant":
            return Q(state=MORE_INFO)
        case "late":
            return Q(state__in=OURS, pk__in=clocks().late().values("object_id"))
        case "warning":
            return Q(state__in=OURS, pk__in=clocks().at_risk().values("object_id"))
        case "away":
            return Q(officer__in=Absence.objects.today().values("officer"), state__in=WITH_THE_PARK)
        case "written":
            return Q(pk__in=unanswered().values("object_id"), state__in=WITH_THE_PARK)
        case "decide":
            return Q(state__in=TO_DECIDE) & ~Q(officer=user)
    return Q()


def unanswered():
    """Return the applicants' messages after which nobody of the park wrote to them."""
    thread = Message.objects.filter(
        content_type=ContentType.objects.get_for_model(Application), visibility=Visibility.APPLICANT
    )
    answers = thread.filter(object_id=OuterRef("object_id"), side=Side.PARK, pk__gt=OuterRef("pk"))
    return thread.filter(~Exists(answers), side=Side.APPLICANT)


def counts(user) -> dict[str, int]:
    """Return how many applications each question names: one statement, whatever their number."""
    seen = access.on_the_desk_of(user).with_the_park()
    return seen.aggregate(**{name: Count("pk", filter=question(name, user)) for name in LABELS})


def in_order(applications):
    """Return applications with the promise that runs now, the earliest due first: the order of the morning."""
    running = clocks().running().filter(object_id=OuterRef("pk")).order_by("due_at")
    due = Subquery(running.values("due_at")[:1], output_field=DateTimeField())
    return applications.annotate(due_at=due).order_by(F("due_at").asc(nulls_last=True), "-submitted_at", "pk")


def with_marks(applications):
    """Return applications with what the list shows beside each: until when its officer is away, and live flags."""
    absence = Absence.objects.today().filter(officer=OuterRef("officer"))
    live = Flag.objects.live()
    kinds = ContentType.objects.get_for_models(Application, *_flagged_models())
    person, company = _flagged_models()
    flags = {
        "on_case": live.filter(content_type=kinds[Application], object_id=OuterRef("pk")),
        "on_person": live.filter(content_type=kinds[person], object_id=OuterRef("talent")),
        "on_team": live.filter(
            content_type=kinds[person],
            object_id__in=person.objects.filter(
                user__in=CoApplicant.objects.current().filter(application=OuterRef(OuterRef(OuterRef("pk")))).values("user")
            ).values("pk"),
        ),
        "on_company": live.filter(
            content_type=kinds[company],
            object_id__in=Founder.objects.filter(talent=OuterRef(OuterRef("talent"))).values("enterprise"),
        ),
    }
    return applications.annotate(
        away_until=Subquery(absence.values("last_day")[:1], output_field=DateField()),
        warn_at=Subquery(
            clocks().running().filter(object_id=OuterRef("pk")).order_by("due_at").values("warn_at")[:1],
            output_field=DateTimeField(),
        ),
        flagged=reduce(or_, map(Exists, flags.values())),
    )


def _flagged_models():
    return Application._meta.get_field("talent").related_model, Founder._meta.get_field("enterprise").related_model


def is_at_risk(application) -> bool:
    """Tell whether 70 per cent of the promise that runs is used, and it is not late yet."""
    now = timezone.now()
    return bool(application.warn_at and application.warn_at <= now < application.due_at)
