"""Take institutions into the register from data, as often as wanted: what is there is brought up to date."""

from decimal import Decimal

from django.db import transaction

from park.organisations.models import Kind, Organisation

from . import licences
from .models import Institution, Licence, Offer


@transaction.atomic
def load(data: dict) -> list[Institution]:
    """Load the institutions of a register file, with their licences and services; return them in its order.

    A licence or service that the file no longer names is taken off, unless a request speaks of it.
    """
    return [_load_one(entry) for entry in data["institutions"]]


def _load_one(entry: dict) -> Institution:
    organisation, _new = Organisation.objects.update_or_create(
        slug=entry["slug"],
        defaults={"kind": Kind.INSTITUTION, "name_en": entry["name_en"], "name_zh_hans": entry["name_zh"]},
    )
    contact = entry.get("contact") or {}
    institution, _new = Institution.objects.update_or_create(
        organisation=organisation,
        defaults={
            "type": entry["type"],
            "credit_code": entry["uscc"],
            "group": entry.get("group") or "",
            "key_partner": bool(entry.get("key_partner")),
            "languages": entry["languages"],
            "sectors": [sector for sector in entry.get("sectors", []) if sector != "any"],
            "monthly_capacity": entry["monthly_capacity"],
            "contact_email": _reachable_nowhere(contact.get("email", "")),
            "contact_phone": contact.get("phone", ""),
            "note": entry.get("note") or "",
            "fictitious": bool(entry.get("fictitious")),
        },
    )
    _load_licences(institution, entry.get("licences", []))
    _load_offers(institution, entry.get("services", []))
    return institution


def _load_licences(institution: Institution, entries: list[dict]) -> None:
    kept = []
    for entry in entries:
        licence, _new = Licence.objects.update_or_create(
            institution=institution,
            code=entry["code"],
            number=entry["number"],
            defaults={
                "name_en": entry["en"],
                "name_zh_hans": entry["zh"],
                "issued_on": entry.get("issued"),
                "expires_on": entry.get("expires"),
            },
        )
        kept.append(licence.pk)
    institution.licences.exclude(pk__in=kept).delete()


def _load_offers(institution: Institution, entries: list[dict]) -> None:
    kept = []
    for entry in entries:
        offer, _new = Offer.objects.update_or_create(
            institution=institution,
            code=entry["code"],
            defaults={
                "name_en": entry["en"],
                "name_zh_hans": entry["zh"],
                "deliverable_en": entry.get("deliverable_en", ""),
                "deliverable_zh_hans": entry.get("deliverable_zh", ""),
                "price_basis": entry.get("price_basis", ""),
                "price_min": _amount(entry.get("price_min")),
                "price_max": _amount(entry.get("price_max")),
                "unit": entry.get("unit", ""),
                "working_days": entry.get("sla_working_days"),
                "stages": entry.get("stages", []),
                "licence_code": licences.needed(institution.type, entry["code"]),
            },
        )
        kept.append(offer.pk)
    institution.offers.exclude(pk__in=kept).filter(matches=None).delete()


def _amount(value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _reachable_nowhere(address: str) -> str:
    """Give invented addresses a host that the park's mail takes as an example and nobody owns."""
    name, _at, host = address.partition("@")
    return f"{name}@inst.example" if host == "demo.invalid" else address
