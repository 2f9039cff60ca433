"""What pages show of institutions and requests, made ready: templates ask nothing and decide little."""

from django.db.models import F, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from incubation.journey.stages import Stage
from park.pages.wording import local_date, money, plain_number
from park.workflow.actions import history
from talents.profiles.sectors import Sector

from . import licences, needs, prices, reasons
from .kinds import ICONS, InstitutionType, Language
from .models import Institution, Licence, Match, Offer, ServiceRequest
from .states import State

Reply = Match.Reply
TONES = {
    State.OPEN: "info",
    State.MATCHED: "info",
    State.TAKEN: "met",
    State.IN_SERVICE: "info",
    State.DELIVERED: "ask",
    State.CLOSED: "",
    State.CANCELLED: "",
    State.EXPIRED: "",
}
REPLY_TONES = {
    Reply.WAITING: ("tint", "hourglass"),
    Reply.TAKEN: ("met", "check"),
    Reply.DECLINED: ("no", "cross"),
    Reply.PASSED: ("", ""),
    Reply.RESERVE: ("plain", ""),
    Reply.EXCLUDED: ("plain", ""),
}


# --- Institutions -----------------------------------------------------------------------------------------------------
def with_what_they_offer(institutions: QuerySet[Institution], day) -> QuerySet[Institution]:
    """Prepare a list for ``institution_card``: it costs the same for one institution and for fifty."""
    return institutions.select_related("organisation").prefetch_related(
        Prefetch("offers", Offer.objects.open_on(day).order_by("pk"), to_attr="open_offers"),
        Prefetch("licences", Licence.objects.valid_on(day), to_attr="valid_licences"),
    )


def quickest_first(institutions: QuerySet[Institution]) -> QuerySet[Institution]:
    return institutions.order_by(F("first_reply").asc(nulls_last=True), "organisation__name", "pk")


def kind_chips(query, kind: str, counts: dict[str, int]) -> list[dict]:
    """Return every kind with its count under the other filters; a kind without any stays only while it is chosen."""
    query = query.copy()
    for name in ("kind", "page"):
        query.pop(name, None)

    def chip(value: str, label: str, count: int, icon: str = "") -> dict:
        own = query.copy()
        if value:
            own["kind"] = value
        return {"label": label, "count": count, "icon": icon, "url": f"?{own.urlencode()}", "here": value == kind}

    every = chip("", pgettext("institutions", "All"), sum(counts.values()))
    return [every] + [
        chip(each.value, str(each.label), counts.get(each.value, 0), ICONS[each])
        for each in InstitutionType
        if counts.get(each.value) or each.value == kind
    ]


def institution_card(institution: Institution) -> dict:
    """Return a row of the directory."""
    slug = institution.organisation.slug
    return {
        "name": institution.organisation.name,
        "url": reverse("intermediaries:institution", args=[slug]),
        "ask_url": f"{reverse('intermediaries:begin')}?institution={slug}",
        "icon": ICONS[InstitutionType(institution.type)],
        "kind": institution.get_type_display(),
        "key_partner": institution.key_partner,
        "fictitious": institution.fictitious,
        "summary": reasons.listed([offer.name for offer in institution.open_offers]),
        "facts": [
            (_("First reply"), reasons.reply_time(institution.first_reply)),
            (_("Cases for the park, 12 months"), plain_number(institution.cases)),
            (_("Works in"), languages(institution)),
            (_("Licence"), licence_words(institution)),
        ],
    }


def languages(institution: Institution) -> str:
    return reasons.listed([Language(code).label for code in institution.languages])


def fields(institution: Institution) -> str:
    return (
        reasons.listed([Sector(code).label for code in institution.sectors])
        if institution.sectors
        else _("every field")
    )


def licence_words(institution: Institution) -> str:
    """Say until when the licences hold that the services on offer need: the first to end counts."""
    needed = {offer.licence_code for offer in institution.open_offers if offer.licence_code}
    held = [licence for licence in institution.valid_licences if licence.code in needed]
    if not needed:
        return _("none needed")
    ends = [licence.expires_on for licence in held if licence.expires_on]
    return _("valid until %(day)s") % {"day": local_date(min(ends))} if ends else _("valid, without an end date")


def offer_row(offer: Offer) -> dict:
    stages = [Stage(stage).label for stage in offer.stages if stage in Stage.values]
    facts = [
        (_("You receive"), offer.deliverable),
        (_("Price, as a guide"), prices.price(offer)),
        (pgettext("offer", "Time"), _working_days(offer.working_days)),
        (pgettext("offer", "For"), _("every stage") if len(stages) == len(Stage) else reasons.listed(stages)),
    ]
    return {"name": offer.name, "facts": [(label, value) for label, value in facts if value]}


def _working_days(days: int | None) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", days) % {"count": days} if days else ""


def licence_row(licence: Licence, day) -> dict:
    if not licence.holds_on(day):
        state = (_("Ended on %(day)s") % {"day": local_date(licence.expires_on)}, "no", "cross")
    elif licence.expires_on:
        state = (_("Valid until %(day)s") % {"day": local_date(licence.expires_on)}, "met", "check")
    else:
        state = (_("Valid, without an end date"), "met", "check")
    source = licences.KINDS[licence.code].source if licence.code in licences.KINDS else ""
    return {
        "name": licence.name,
        "number": licence.number,
        "source": source,
        "words": state[0],
        "tone": state[1],
        "icon": state[2],
    }


# --- Requests ---------------------------------------------------------------------------------------------------------
def state_tag(request: ServiceRequest, matches) -> dict:
    """Return the tag of a request: how many have replied while it waits, else its state."""
    asked = [match for match in matches if match.told_at]
    replied = sum(match.reply in {Reply.TAKEN, Reply.DECLINED} for match in asked)
    if request.state == State.MATCHED and replied:
        text = ngettext("%(replied)s of %(asked)s replied", "%(replied)s of %(asked)s replied", len(asked))
        text %= {"replied": replied, "asked": len(asked)}
    else:
        text = str(State(request.state).label)
    return {"text": text, "tone": TONES[State(request.state)]}


def request_title(request: ServiceRequest) -> str:
    need = needs.label(request.need)
    if not request.amount:
        return need
    return _("%(need)s, %(amount)s") % {"need": need, "amount": money(request.amount)}


def asked_for(request: ServiceRequest, to_institution: bool = False) -> list[tuple[str, str]]:
    """Return what was asked for, label by label."""
    rows = [
        (pgettext("request", "Need"), needs.label(request.need)),
        (_("Amount"), money(request.amount) if request.amount else ""),
        (_("By when"), local_date(request.wanted_by, "long") if request.wanted_by else ""),
        (_("Language"), request.get_language_display() if request.language else ""),
        (_("In their words") if to_institution else _("In your words"), request.text),
    ]
    return [(label, value) for label, value in rows if value]


def about_the_tenant(tenant) -> list[tuple[str, str]]:
    """Return what those who are asked see of a tenant: no person, no address."""
    return [
        (_("Who asks"), tenant.organisation.name),
        (_("Field"), Sector(tenant.sector).label if tenant.sector in Sector.values else tenant.sector),
        (_("Stage"), tenant.get_stage_display()),
    ]


def panel(institution: Institution, offer: Offer | None, why: list[dict], to_institution: bool = False) -> dict:
    """Return an institution with the reasons that speak for it."""
    speaking = reasons.for_it(why, to_institution)
    return {
        "pk": institution.pk,
        "id": f"institution-{institution.pk}",
        "name": institution.organisation.name,
        "kind": institution.get_type_display(),
        "url": reverse("intermediaries:institution", args=[institution.organisation.slug]),
        "price": prices.price(offer) if offer else "",
        "criteria": speaking,
        "count": len(speaking),
        "tag": ngettext("Fits on %(count)s point", "Fits on all %(count)s points", len(speaking))
        % {"count": len(speaking)},
    }


def left_out(institution: Institution, why: list[dict]) -> dict:
    return {
        "name": institution.organisation.name,
        "kind": institution.get_type_display(),
        "reasons": reasons.against(why),
    }


def match_panel(match: Match) -> dict:
    tone, icon = REPLY_TONES[Reply(match.reply)]
    took = match.replied_at - match.told_at if match.replied_at and match.told_at else None
    return panel(match.institution, match.offer, match.reasons) | {
        "reply": str(Reply(match.reply).label),
        "tone": tone,
        "icon": icon,
        "took": reasons.reply_time(took) if took else "",
        "declined": match.get_decline_code_display() if match.decline_code else "",
        "note": match.decline_reason,
        "contact": contact_of(match.institution) if match.reply == Reply.TAKEN else [],
    }


def contact_of(institution: Institution) -> list[tuple[str, str]]:
    rows = [(_("E-mail"), institution.contact_email), (_("Telephone"), institution.contact_phone)]
    return [(label, value) for label, value in rows if value]


SAID = {
    "ask": pgettext_lazy("service request", "Sent"),
    "match": gettext_lazy("Institutions asked"),
    "answer": gettext_lazy("Answered by the park"),
    "widen": gettext_lazy("The next institutions asked"),
    "decline": pgettext_lazy("service request", "Declined"),
    "give_back": gettext_lazy("All declined; an officer looks"),
    "take": pgettext_lazy("service request", "Taken"),
    "start": pgettext_lazy("service request", "Begun"),
    "deliver": pgettext_lazy("service request", "Delivered"),
    "close": pgettext_lazy("service request", "Closed"),
    "share": gettext_lazy("What they see was changed"),
    "cancel": pgettext_lazy("service request", "Taken back"),
    "expire": gettext_lazy("Ended after a long silence"),
}


SEEN_BY_INSTITUTIONS = {
    "ask",
    "take",
    "start",
    "deliver",
    "close",
    "cancel",
    "expire",
}  # not what others declined, and why


def past(request: ServiceRequest, moves=frozenset(SAID)) -> list[dict]:
    """Return what happened, the first thing first: what, in whose name, when, and the note for the other side."""
    return [
        {
            "title": str(SAID[log.move]),
            "text": "\n".join(
                part for part in (log.acting_for.name if log.acting_for else _("The park"), log.note) if part
            ),
            "moment": log.at,
            "state": "done",
        }
        for log in reversed(history(request).made())
        if log.move in moves
    ]
