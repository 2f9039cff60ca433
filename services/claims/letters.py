"""What is told of a claim, and to whom. Each writes rows only; sending is the outbox's affair."""

from park.notices.actions import tell
from park.workflow.models import Clock
from services.policies.models import Policy

from . import access
from .models import Claim


def _names(organisation) -> dict[str, str]:
    return {
        "en": organisation.name_en or organisation.name_zh_hans,
        "zh-hans": organisation.name_zh_hans or organisation.name_en,
    }


def title_of(version) -> dict[str, str]:
    return {
        "en": version.title_en or version.title_zh_hans, "zh-hans": version.title_zh_hans or version.title_en,
    }  # fmt: skip


def about(claim: Claim, **more) -> dict:
    """Return what a letter about a claim is written from: names in both languages, sums as text."""
    return {
        "ref": claim.ref,
        "pk": claim.pk,
        "policy": title_of(claim.wording),
        "benefit": {"en": claim.words.get("en", ""), "zh-hans": claim.words.get("zh", "")},
        "tenant": _names(claim.tenant.organisation),
        "slug": claim.tenant.organisation.slug,
        "asked": str(claim.amount_asked or ""),
        "allowed": str(claim.amount_allowed or ""),
    } | more


def tell_tenant(kind: str, claim: Claim, **more) -> None:
    """Tell those who speak for the tenant. Each version of the record is told once."""
    people, context = access.speakers(claim), about(claim, **more)
    tell(kind, recipients=people, subject_id=claim.pk, version=claim.version, context=context)


def tell_duty(kind: str, claim: Claim, right: str, *, without=None, **more) -> None:
    """Tell the staff of a duty, but not the one who just acted."""
    people = access.holders(right)
    if without is not None:
        people = people.exclude(pk=without.pk)
    tell(kind, recipients=people, subject_id=claim.pk, version=claim.version, context=about(claim, **more))


def tell_late(claim: Claim, clock: Clock, right: str, *, broken: bool) -> None:
    """Tell the staff of a duty that a promise is at risk, and once more when it is broken: of each clock."""
    version = clock.pk * 2 + broken
    tell("claim-late", recipients=access.holders(right), subject_id=claim.pk, version=version, context=about(claim))


def tell_fallback(tenant, policy: Policy, fallback) -> None:
    """Tell a tenant once that a benefit has to be claimed in the normal way, and why."""
    organisation = tenant.organisation
    context = {"policy": title_of(policy.current), "slug": organisation.slug, "tenant": _names(organisation)}
    people = access.speakers(Claim(tenant=tenant))
    tell("benefit-fallback", recipients=people, subject_id=fallback.pk, context=context)
