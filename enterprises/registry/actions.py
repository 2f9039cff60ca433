"""What happens to a company on the register."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from slugify import slugify

from park.organisations.models import Kind, Organisation

from . import access
from .models import Enterprise, Founder, PublicField, Zone


class RegisterRefused(Exception):
    """An act on the register that may not be done. Its message can be shown."""


def free_slug(name: str) -> str:
    """Return an address name made from a name that no organisation has yet."""
    wanted = slugify(name, max_length=70) or "company"
    taken = set(Organisation.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(slug for nth in range(2, len(taken) + 3) if (slug := f"{wanted}-{nth}") not in taken)


def _locked(enterprise: Enterprise) -> Enterprise:
    return Enterprise.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(
        pk=enterprise.pk
    )


@transaction.atomic
def register_enterprise(
    *,
    by,
    name_en: str,
    name_zh_hans: str = "",
    sector: str,
    zone: str = Zone.HIGH_TECH,
    credit_code: str | None = None,
    registered_on=None,
    about_en: str = "",
    about_zh_hans: str = "",
    website: str = "",
    founders: Iterable[dict] = (),
    organisation: Organisation | None = None,
) -> Enterprise:
    """Enter a company: its organisation, itself and its founders (dicts of talent, share, legal_representative).

    ``organisation`` names the project team that the company grew out of: it becomes the company, so its members and
    its workspace stay. Raises RegisterRefused, or ValidationError where a value has the wrong form.
    """
    if not access.may_register(by):
        raise RegisterRefused(_("Entering companies is not part of your duty."))
    if credit_code and Enterprise.objects.filter(credit_code=credit_code).exists():
        raise RegisterRefused(_("A company with this unified social credit code is on the register already."))
    if organisation is None:
        organisation = Organisation(kind=Kind.ENTERPRISE, slug=free_slug(name_en or name_zh_hans))
    else:
        organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        if organisation.kind != Kind.PROJECT:
            raise RegisterRefused(_("Only a project team can become a company."))
        organisation.kind = Kind.ENTERPRISE
    organisation.name_en, organisation.name_zh_hans = name_en or name_zh_hans, name_zh_hans
    organisation.save()
    enterprise = Enterprise(
        organisation=organisation, sector=sector, zone=zone, credit_code=credit_code or None,
        registered_on=registered_on, about_en=about_en, about_zh_hans=about_zh_hans, website=website,
    )  # fmt: skip
    enterprise.clean_fields()
    enterprise.save()
    _set_founders(enterprise, founders)
    return enterprise


def _set_founders(enterprise: Enterprise, founders: Iterable[dict]) -> None:
    rows = [
        Founder(
            enterprise=enterprise,
            talent=founder["talent"],
            share=founder["share"],
            legal_representative=founder.get("legal_representative", False),
        )
        for founder in founders
    ]
    if any(not 1 <= row.share <= 100 for row in rows):
        raise RegisterRefused(_("A share lies between 1 and 100 per cent."))
    if sum(row.share for row in rows) > 100:
        raise RegisterRefused(_("The founders’ shares come to more than 100 per cent."))
    if len({row.talent.pk for row in rows}) < len(rows):
        raise RegisterRefused(_("A founder is named twice."))
    if sum(row.legal_representative for row in rows) > 1:
        raise RegisterRefused(_("A company has one legal representative."))
    enterprise.founders.exclude(talent__in=[row.talent for row in rows]).delete()
    enterprise.founders.filter(legal_representative=True).update(legal_representative=False)
    kept = {founder.talent_id: founder for founder in enterprise.founders.all()}
    enterprise.founders.update(share=1)  # so that no sum on the way lies above the whole
    for row in rows:
        if known := kept.get(row.talent.pk):
            known.share, known.legal_representative = row.share, row.legal_representative
            known.save()
        else:
            row.save()


@transaction.atomic
def set_founders(*, enterprise: Enterprise, founders: Iterable[dict], by) -> None:
    """Replace a company's founders (dicts of talent, share, legal_representative). Raises RegisterRefused."""
    enterprise = _locked(enterprise)
    if not access.may_edit(by, enterprise):
        raise RegisterRefused(_("Changing companies is not part of your duty."))
    _set_founders(enterprise, founders)


@transaction.atomic
def set_public_fields(*, enterprise: Enterprise, fields: Iterable[str], by) -> Enterprise:
    """Say what strangers may see of a company, field by field; at once on the pages and in the API.

    Nothing is shown without the name. Raises RegisterRefused.
    """
    enterprise = _locked(enterprise)
    if not access.may_show(by, enterprise):
        raise RegisterRefused(_("Only the company’s owners and managers say what is shown in public."))
    wanted = {PublicField(field) for field in fields}
    if wanted and PublicField.NAME not in wanted:
        raise RegisterRefused(_("Without the name nothing can be shown. Agree to the name, or to nothing."))
    enterprise.public_fields = [field.value for field in PublicField if field in wanted]
    enterprise.save(update_fields=["public_fields", "updated_at"])
    return enterprise
