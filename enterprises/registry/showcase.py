"""What strangers see of a company: what it agreed to, field by field, and nothing else.

A floor above adds what it knows (the stage, say) with ``shows``; this floor does not have to know of it.
"""

from collections.abc import Callable, Iterable

from django.db.models import Prefetch
from django.utils import timezone

from enterprises.growth.models import Recognition

from .models import Enterprise, Founder, PublicField

READERS: dict[str, Callable[[list[Enterprise]], dict]] = {}


def shows(field: PublicField) -> Callable:
    """Register a reader of one public field: it takes companies and returns their values, by primary key."""

    def register(reader: Callable[[list[Enterprise]], dict]) -> Callable:
        READERS[field.value] = reader
        return reader

    return register


@shows(PublicField.NAME)
def names(enterprises):
    return {enterprise.pk: enterprise.organisation.name for enterprise in enterprises}


@shows(PublicField.SECTOR)
def sectors(enterprises):
    return {enterprise.pk: enterprise.get_sector_display() for enterprise in enterprises}


@shows(PublicField.ABOUT)
def abouts(enterprises):
    return {enterprise.pk: enterprise.about for enterprise in enterprises}


@shows(PublicField.WEBSITE)
def websites(enterprises):
    return {enterprise.pk: enterprise.website for enterprise in enterprises}


@shows(PublicField.FOUNDERS)
def founders(enterprises):
    """The founders who themselves agreed to be shown."""
    return {
        enterprise.pk: [str(founder.talent) for founder in enterprise.shown_founders] for enterprise in enterprises
    }


@shows(PublicField.RECOGNITIONS)
def recognitions(enterprises):
    return {
        enterprise.pk: [title.get_rung_display() for title in enterprise.valid_recognitions]
        for enterprise in enterprises
    }


def publicly_readable(enterprises):
    """Prepare a queryset for ``cards``, so that a list costs the same for one company and for fifty."""
    today = timezone.localdate()
    valid = Recognition.objects.filter(valid_from__lte=today).exclude(valid_until__lt=today)
    agreed = Founder.objects.filter(
        talent__consents__what="showcase", talent__consents__withdrawn_at=None
    ).select_related("talent").order_by("-share", "pk")
    return enterprises.shown_in_public().select_related("organisation").prefetch_related(
        Prefetch("founders", agreed, to_attr="shown_founders"),
        Prefetch("recognitions", valid, to_attr="valid_recognitions"),
    )


def cards(enterprises: Iterable[Enterprise]) -> list[dict]:
    """Return what may be shown of each company: only the fields it agreed to stand in its dict."""
    enterprises = list(enterprises)
    values = {field: reader(enterprises) for field, reader in READERS.items()}
    return [
        {"pk": enterprise.pk}
        | {
            field: values[field].get(enterprise.pk)
            for field in enterprise.public_fields
            if field in values and values[field].get(enterprise.pk)
        }
        for enterprise in enterprises
    ]
