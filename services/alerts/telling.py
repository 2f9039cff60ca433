"""The words of alerts and reminders: asked once for many notices."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from park.notices.kinds import Key, Kind, Topic, register
from park.organisations.models import Membership
from park.pages.wording import two_clocks
from services.policies.facets import FACETS
from services.policies.matching import TOLD_ROLES
from services.policies.models import PolicyVersion
from services.policies.states import State
from services.policies.telling import about

from . import access, looking, reminding
from .models import Alert, Hit


def register_kinds() -> None:
    here = "services.alerts.telling"
    register(
        Kind(
            looking.KIND, Topic.SEARCHES, load=f"{here}.load_alerts", personal=f"{here}.found",
            still_wanted=f"{here}.not_stopped", icon="search",
        )
    )  # fmt: skip
    register(
        Kind(
            reminding.KIND, Topic.DEADLINES, load=f"{here}.load_closing", still_wanted=f"{here}.not_acted",
            icon="clock",
        )
    )  # fmt: skip


# --- Saved searches ---------------------------------------------------------------------------------------------------
def load_alerts(subjects: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict]:
    """Return by alert the name of its search, and the address that stops it with one click."""
    alerts = Alert.objects.filter(pk__in={subject for subject, _version in subjects}).select_related("search")
    with override("en"):
        return {
            (alert.pk, 1): {
                "name": alert.search.name,
                "leave": reverse("alerts:stop", args=[access.stop_token(alert.search_id)]),
            }
            for alert in alerts
        }


def found(keys: Iterable[Key]) -> dict[Key, dict]:
    """Return what each alert found, a line a policy with the reasons it is in there, in its reader's language."""
    keys = list(keys)
    people = get_user_model().objects.filter(pk__in={key.recipient_id for key in keys})
    languages = dict(people.values_list("pk", "language"))
    hits = defaultdict(list)
    for hit in Hit.objects.filter(alert__in={key.subject_id for key in keys}).select_related("version__policy"):
        hits[hit.alert_id].append(hit)
    told = {}
    for key in keys:
        with override(languages[key.recipient_id]):
            told[key] = {"items": [item(hit) for hit in sorted(hits[key.subject_id], key=lambda hit: hit.pk)]}
    return told


def item(hit: Hit) -> dict:
    """Return one policy of an alert as a line of a letter, in the language of the moment."""
    because = _("Because: %(reasons)s") % {"reasons": "; ".join(reasons(hit.matched))}
    return {"title": hit.version.title, "text": because, "url": hit.version.policy.get_absolute_url()}


def reasons(matched: dict) -> list[str]:
    """Say which words and filters matched."""
    said = [_("it speaks of “%(text)s”") % {"text": matched["q"]}] if matched.get("q") else []
    for facet in FACETS:
        if values := matched.get(facet.name):
            labels = dict(facet.choices.choices)
            words = ", ".join(str(labels.get(value, value)) for value in values)
            said.append(_("%(filter)s: %(words)s") % {"filter": facet.legend, "words": words})
    return said


def not_stopped(keys: Iterable[Key]) -> set[Key]:
    keys = list(keys)
    running = Alert.objects.filter(pk__in={key.subject_id for key in keys}, search__stopped_at=None)
    wanted = set(running.values_list("pk", flat=True))
    return {key for key in keys if key.subject_id in wanted}


# --- Policies that close ----------------------------------------------------------------------------------------------
def load_closing(subjects: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict]:
    """Return by version and days what the reminder says, in both languages."""
    subjects = set(subjects)
    versions = PolicyVersion.objects.filter(pk__in={subject for subject, _days in subjects}).select_related("policy")
    known = {version.pk: version for version in versions}
    return {
        (subject, days): about(known[subject]) | _when(known[subject], days)
        for subject, days in subjects
        if subject in known
    }


def _when(version: PolicyVersion, days: int) -> dict:
    moment = reminding.closing(version)
    with override("en"):
        english = two_clocks(moment)["here"] if moment else ""
    with override("zh-hans"):
        chinese = two_clocks(moment)["here"] if moment else ""
    return {"days": days, "closes": english, "closes_zh": chinese}


def not_acted(keys: Iterable[Key]) -> set[Key]:
    """Return the reminders that still make sense: the policy stands, and nobody acted for the reader's tenant."""
    keys = list(keys)
    versions = PolicyVersion.objects.filter(pk__in={key.subject_id for key in keys}, state=State.RELEASED)
    speaks = defaultdict(set)
    for version in versions:
        tenants = reminding.to_remind(version).values("tenant")
        readers = Membership.objects.current().filter(
            organisation__tenant__in=tenants, role__in=TOLD_ROLES, user__in={key.recipient_id for key in keys}
        )
        speaks[version.pk] = set(readers.values_list("user", flat=True))
    return {key for key in keys if key.recipient_id in speaks[key.subject_id]}
