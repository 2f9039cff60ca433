"""What the notices of a release say: the same for everybody but for the verdict. Asked once for many notices."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import override

from park.notices.kinds import Key, Kind, Topic, register
from park.pages import matches

from . import judging, new_fits
from .amending import AMENDED, LOST, reasons
from .matching import KIND, TOLD_ROLES, TOLD_WORDS, WITHDRAWN
from .models import PolicyVersion, ReleaseChange, SetAside, Verdict
from .new_fits import NEW_FIT
from .states import State

WAITS = "policy-release-waits"


def register_kinds() -> None:
    """Name the notices of this room."""
    here = "services.policies.telling"
    register(
        Kind(
            KIND, Topic.POLICIES, load=f"{here}.load", personal=f"{here}.verdicts", still_wanted=f"{here}.still_wanted",
            icon="doc",
        )
    )  # fmt: skip
    register(
        Kind(
            LOST, Topic.POLICIES, mutable=False, load=f"{here}.load", personal=f"{here}.losses",
            still_wanted=f"{here}.still_stands", icon="doc",
        )
    )  # fmt: skip
    register(
        Kind(
            NEW_FIT, Topic.POLICIES, load=f"{here}.load_each", personal=f"{here}.turned",
            still_wanted=f"{here}.still_fits", icon="doc",
        )
    )  # fmt: skip
    register(
        Kind(
            AMENDED, Topic.POLICIES, mutable=False, load=f"{here}.load", still_wanted=f"{here}.still_stands", icon="doc"
        )
    )  # fmt: skip
    register(Kind(WAITS, Topic.WORK, mutable=False, icon="doc"))
    register(Kind(WITHDRAWN, Topic.POLICIES, mutable=False, load=f"{here}.load", icon="doc"))


def load(subjects: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict]:
    """Return by version what its notices say to everybody, in both languages."""
    versions = PolicyVersion.objects.filter(pk__in={subject for subject, _ in subjects}).select_related("policy")
    return {(version.pk, version.number): about(version) for version in versions}


def load_each(subjects: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict]:
    """Return the same where the second number is not that of the version, but of a check that found somebody."""
    subjects = set(subjects)
    versions = PolicyVersion.objects.select_related("policy").in_bulk({subject for subject, _ in subjects})
    said = {pk: about(version) for pk, version in versions.items()}
    return {(subject, batch): said[subject] for subject, batch in subjects if subject in said}


def turned(keys: Iterable[Key]) -> dict[Key, dict]:
    """Return for each notice which tenants of its reader the policy came to fit, and why, in both languages."""
    keys = list(keys)
    found: dict[tuple, dict] = {}
    for each in new_fits.of_readers(keys, TOLD_ROLES):
        said = found.setdefault((each.reader, each.version_id, each.batch), {"turned": [], "turned_zh": []})
        for language, name in (("en", "turned"), ("zh-hans", "turned_zh")):
            with override(language):
                said[name].append({"title": str(each.tenant), "why": new_fits.reasons(each)})
    nothing = {"turned": [], "turned_zh": []}
    return {key: found.get((key.recipient_id, key.subject_id, key.version), nothing) for key in keys}


def still_fits(keys: Iterable[Key]) -> set[Key]:
    """Return the notices that still make sense: the version stands, and still fits a tenant of the reader."""
    keys = list(keys)
    fitting = Verdict.objects.filter(
        version=OuterRef("version"), tenant=OuterRef("tenant"), word=Verdict.Word.FITS, version__state=State.RELEASED
    )
    found = (
        new_fits.of_readers(keys, TOLD_ROLES)
        .filter(Exists(fitting), ~SetAside.objects.of("version__policy"))
        .values_list("reader", "version", "batch")
    )
    standing = set(found)
    return {key for key in keys if (key.recipient_id, key.subject_id, key.version) in standing}


def about(version: PolicyVersion) -> dict:
    policy = version.policy
    with override("en"):
        url = reverse("policies:policy", args=[policy.slug])
    with override("zh-hans"):
        url_zh = reverse("policies:policy", args=[policy.slug])
    return {
        "title": version.title_en or version.title_zh_hans,
        "title_zh": version.title_zh_hans or version.title_en,
        "body": policy.issuing_body_en or policy.issuing_body_zh_hans,
        "body_zh": policy.issuing_body_zh_hans or policy.issuing_body_en,
        "deadline": version.deadline.isoformat() if version.deadline else "",
        "url": url,
        "url_zh": url_zh,
    }


def verdicts(keys: Iterable[Key]) -> dict[Key, dict]:
    """Return for each notice the best verdict among the tenants its reader speaks for, as counts of conditions."""
    keys = list(keys)
    found = {}
    for verdict in _of(keys):
        place = (verdict.reader, verdict.version_id)
        if place not in found or verdict.word == Verdict.Word.FITS:
            found[place] = _counts(verdict)
    nothing = {"word": "", "met": 0, "not_met": 0, "unknown": 0}
    return {key: found.get((key.recipient_id, key.subject_id), nothing) for key in keys}


def losses(keys: Iterable[Key]) -> dict[Key, dict]:
    """Return for each notice why a tenant that its reader speaks for lost the policy, in both languages."""
    keys = list(keys)
    lost = (
        ReleaseChange.objects.filter(
            release__version__in={key.subject_id for key in keys},
            what=ReleaseChange.What.LOST,
            tenant__organisation__memberships__user__in={key.recipient_id for key in keys},
            tenant__organisation__memberships__ended_at=None,
            tenant__organisation__memberships__role__in=TOLD_ROLES,
        )
        .annotate(reader=F("tenant__organisation__memberships__user"))
        .select_related("release__version__policy", "tenant__organisation")
        .order_by("pk")
    )
    found: dict[tuple[int, int], dict] = {}
    for change in lost:
        said = found.setdefault((change.reader, change.release.version_id), {"lost": [], "lost_zh": []})
        for language, name in (("en", "lost"), ("zh-hans", "lost_zh")):
            with override(language):
                said[name].append({"title": str(change.tenant), "text": "; ".join(reasons(change))})
    return {key: found.get((key.recipient_id, key.subject_id), {"lost": [], "lost_zh": []}) for key in keys}


def still_wanted(keys: Iterable[Key]) -> set[Key]:
    """Return the notices that still make sense: the version stands, and the reader still speaks for one it may fit."""
    keys = list(keys)
    standing = {(verdict.reader, verdict.version_id) for verdict in _of(keys)}
    return {key for key in keys if (key.recipient_id, key.subject_id) in standing}


def still_stands(keys: Iterable[Key]) -> set[Key]:
    """Return the notices that still make sense: the version they speak of is released."""
    keys = list(keys)
    versions = PolicyVersion.objects.filter(pk__in={key.subject_id for key in keys}, state=State.RELEASED)
    standing = set(versions.values_list("pk", flat=True))
    return {key for key in keys if key.subject_id in standing}


def _of(keys: list[Key]):
    """Return the verdicts behind these notices, each with its ``reader``; one row a reader and tenant."""
    speaks = Q(
        tenant__organisation__memberships__user__in={key.recipient_id for key in keys},
        tenant__organisation__memberships__ended_at=None,
        tenant__organisation__memberships__role__in=TOLD_ROLES,
    )
    return (
        Verdict.objects.filter(
            speaks,
            ~SetAside.objects.of("version__policy"),
            version__in={key.subject_id for key in keys},
            word__in=TOLD_WORDS,
            version__state=State.RELEASED,
        )
        .annotate(reader=F("tenant__organisation__memberships__user"))
        .select_related("version")
        .order_by("pk")
    )


def _counts(verdict: Verdict) -> dict:
    """Count the conditions as the page of the policy does: alternatives are one, and what does not apply is none."""
    return {"word": verdict.word, **matches.counts(judging.of_verdict(verdict).criteria)}
