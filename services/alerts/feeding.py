"""What webhooks are told of policies: asked every minute, so that no release has to wait for it and none is missed."""

from django.db.models import CharField, Exists, F, Min, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from park.webhooks import kinds
from park.webhooks.actions import Happened, emit_all
from park.webhooks.models import Endpoint, Event
from services.policies.matching import TOLD_WORDS
from services.policies.models import PolicyVersion, SetAside, Verdict
from services.policies.states import State

RELEASED, VERDICT = "policy.released", "verdict.new"
AT_A_TIME = 500
PLAIN = ("number", "title_en", "title_zh_hans", "released_at", "deadline")  # of a version: no more is read


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
    new = (
        PolicyVersion.objects.filter(state=State.RELEASED, released_at__gte=since)
        .annotate(key=Cast("pk", CharField()))
        .filter(~Exists(Event.objects.filter(kind=RELEASED, key=OuterRef("key"))))
        .order_by("pk")
    )
    rows = new.values("key", *PLAIN, slug=F("policy__slug"))
    return emit_all(
        kind=RELEASED,
        events=[Happened(row["key"], about(row)) for row in rows[:AT_A_TIME]],
    )


def _verdicts() -> int:
    since = _since(VERDICT)
    if since is None:
        return 0
    text = CharField()
    wanted = Endpoint.objects.running().filter(events__contains=[VERDICT])
    asked_before = wanted.filter(organisation=OuterRef("tenant__organisation"), made_at__lte=OuterRef("judged_at"))
    new = (
        Verdict.objects.filter(Exists(asked_before), version__state=State.RELEASED, word__in=TOLD_WORDS)
        .filter(~SetAside.objects.of("version__policy"), judged_at__gte=since)
        .annotate(key=Concat(Cast("version_id", text), Value(":"), Cast("tenant_id", text), Value(":"), "word"))
        .filter(~Exists(Event.objects.filter(kind=VERDICT, key=OuterRef("key"))))
        .order_by("pk")
    )
    said = {name: F(f"version__{name}") for name in PLAIN} | {"slug": F("version__policy__slug")}
    rows = new.values("key", "word", "judged_at", of=F("tenant__organisation"), **said)[:AT_A_TIME]
    return emit_all(
        kind=VERDICT,
        events=[
            Happened(
                row["key"], about(row) | {"verdict": row["word"], "judged_at": row["judged_at"].isoformat()}, row["of"]
            )
            for row in rows
        ],
    )


def about(row: dict) -> dict:
    """Return what the catalogue says of a policy anyway, for programs."""
    with override("en"):
        address = reverse("policies:policy", args=[row["slug"]])
    return {
        "policy": row["slug"],
        "version": row["number"],
        "title": {"en": row["title_en"], "zh": row["title_zh_hans"]},
        "released_at": row["released_at"].isoformat(),
        "deadline": row["deadline"].isoformat() if row["deadline"] else None,
        "path": address,
    }
