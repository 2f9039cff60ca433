"""What webhooks are told of policies: asked every minute, so that no release has to wait for it and none is missed."""

from django.db.models import Exists, Min, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from park.webhooks import kinds
from park.webhooks.actions import emit
from park.webhooks.models import Endpoint, Event
from services.policies.matching import TOLD_WORDS
from services.policies.models import PolicyVersion, Verdict
from services.policies.states import State

RELEASED, VERDICT = "policy.released", "verdict.new"
AT_A_TIME = 500


def register_kinds() -> None:
    kinds.register(kinds.EventKind(RELEASED, _("A policy is released")))
    kinds.register(kinds.EventKind(VERDICT, _("A policy newly fits, or may fit, our company"), private=True))


def feed() -> int:
    """Tell the endpoints what they were not told of yet. Returns how many deliveries are new. Safe to run twice."""
    return _released() + _verdicts()


def _since(kind: str):
    """Return since when anybody wants to hear of a kind; None if nobody does."""
    return Endpoint.objects.running().filter(events__contains=[kind]).aggregate(at=Min("made_at"))["at"]


def _released() -> int:
    since = _since(RELEASED)
    if since is None:
        return 0
    told = set(Event.objects.filter(kind=RELEASED, at__gte=since).values_list("key", flat=True))
    versions = PolicyVersion.objects.filter(state=State.RELEASED, released_at__gte=since).select_related("policy")
    return sum(
        emit(kind=RELEASED, key=str(version.pk), data=about(version))
        for version in versions.order_by("pk")
        if str(version.pk) not in told
    )


def _verdicts() -> int:
    since = _since(VERDICT)
    if since is None:
        return 0
    wanted = Endpoint.objects.running().filter(events__contains=[VERDICT])
    asked_before = wanted.filter(organisation=OuterRef("tenant__organisation"), made_at__lte=OuterRef("judged_at"))
    found = (
        Verdict.objects.filter(Exists(asked_before), version__state=State.RELEASED, word__in=TOLD_WORDS)
        .filter(judged_at__gte=since)
        .select_related("version__policy", "tenant")
        .order_by("pk")
    )
    told = set(
        Event.objects.filter(kind=VERDICT, organisation__in=wanted.values("organisation")).values_list("key", flat=True)
    )
    new = [(key, verdict) for verdict in found if (key := _key(verdict)) not in told][:AT_A_TIME]
    return sum(
        emit(
            kind=VERDICT,
            key=key,
            about=verdict.tenant.organisation_id,
            data=about(verdict.version) | {"verdict": verdict.word, "judged_at": verdict.judged_at.isoformat()},
        )
        for key, verdict in new
    )


def _key(verdict: Verdict) -> str:
    return f"{verdict.version_id}:{verdict.tenant_id}:{verdict.word}"


def about(version: PolicyVersion) -> dict:
    """Return what the catalogue says of a policy anyway, for programs."""
    with override("en"):
        address = reverse("policies:policy", args=[version.policy.slug])
    return {
        "policy": version.policy.slug,
        "version": version.number,
        "title": {"en": version.title_en, "zh": version.title_zh_hans},
        "released_at": version.released_at.isoformat(),
        "deadline": version.deadline.isoformat() if version.deadline else None,
        "path": address,
    }
