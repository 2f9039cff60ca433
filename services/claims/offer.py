"""What the page of a policy says about claiming, to a tenant it fits or may fit."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import access, cards, fitting
from .models import Claim, Fallback
from .states import State


def another(policy, tenant, match: dict, user) -> dict | None:
    """Offer to claim a further benefit of a policy under which a claim stands already."""
    if not access.may_speak(user, tenant):
        return None
    taken = set(Claim.objects.live().filter(tenant=tenant, policy=policy).values_list("benefit", flat=True))
    found = fitting.policy_of(policy.pk)
    if not taken or fitting.obstacle(found, tenant) or match["verdict"] == "not_now":
        return None
    if all(benefit.place in taken for benefit in fitting.benefits_of(found.current)):
        return None
    url = reverse("claims:new", args=[tenant.organisation.slug, policy.slug])
    return {"label": _("Claim another benefit"), "url": url, "primary": False, "text": ""}


def claim(policy, tenant, match: dict, user) -> dict | None:
    """Offer to start, go on with or look at the claim of a tenant; to others nothing."""
    if not access.may_speak(user, tenant):
        return None
    slug = tenant.organisation.slug
    there = (
        Claim.objects.live().filter(tenant=tenant, policy=policy).select_related("tenant__organisation").order_by("-pk")
    )
    live = list(there)
    ready = next((each for each in live if each.state == State.PRE_APPROVED), None)
    if ready is not None:
        return {
            "label": _("Look and confirm"), "url": ready.get_absolute_url(), "primary": True, "text": cards.lede(ready),
        }  # fmt: skip
    if live:
        return {
            "label": _("Open your claim"), "url": live[0].get_absolute_url(), "primary": True,
            "text": f"{live[0].ref} · {live[0].get_state_display()}",
        }  # fmt: skip
    found = fitting.policy_of(policy.pk)
    if fitting.obstacle(found, tenant) or match["verdict"] == "not_now":
        return None
    fallback = Fallback.objects.filter(tenant=tenant, policy=policy).first()
    text = ""
    if fallback is not None:
        text = _("No application would be needed, but: %(why)s.") % {"why": "; ".join(cards.why(fallback.reasons))}
    return {
        "label": pgettext("claim", "Start the claim"), "url": reverse("claims:new", args=[slug, policy.slug]),
        "primary": match["verdict"] == "fits", "text": text,
    }  # fmt: skip
