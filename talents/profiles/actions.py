"""What happens to a profile. A profile is kept by its person; what can be reckoned from it is reckoned here."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import access
from .models import Consent, Stay, Talent, TalentState
from .names import sort_key
from .timeline import months_abroad

KEPT_BY_THE_PERSON = frozenset(
    {
        "name", "name_zh", "gender", "born_on", "nationality", "foreign_chinese", "degree", "degree_abroad",
        "sector", "specialty", "returned_on", "about",
    }
)  # fmt: skip
KEPT_BY_STAFF = KEPT_BY_THE_PERSON | {"origin", "talent_class", "months_abroad"}
CONSENT_TEXT_VERSION = 1


class ProfileRefused(Exception):
    """An act on a profile that may not be done. Its message can be shown."""


def _locked(talent: Talent, by) -> Talent:
    """Return the talent's row, locked, if ``by`` may change it."""
    talent = Talent.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=talent.pk)
    if not access.may_edit(by, talent):
        raise ProfileRefused(_("This profile is somebody else’s."))
    return talent


def known_as(user) -> Talent:
    """Return the talent of a person to read; before anything was written, one that is not kept. Nothing is stored."""
    names = {"name": user.name, "name_zh": user.name_zh, "name_sort": sort_key(user.name, user.name_zh)}
    return Talent.objects.filter(user=user).first() or Talent(user=user, **names)


def talent_of(user) -> Talent:
    """Return the talent of a person who writes, made at the first use."""
    names = {"name": user.name, "name_zh": user.name_zh, "name_sort": sort_key(user.name, user.name_zh)}
    talent, _made = Talent.objects.get_or_create(user=user, defaults=names)
    return talent


@transaction.atomic
def save_profile(*, talent: Talent, by, **fields) -> Talent:
    """Save what a person says of themselves; what is not named stays as it is.

    The order by pinyin follows the names, and so does the name by which the portal greets. Raises ProfileRefused.
    """
    allowed = KEPT_BY_STAFF if by.has_perm("profiles.change_talent") else KEPT_BY_THE_PERSON
    if unknown := set(fields) - allowed:
        raise ProfileRefused(_("These cannot be changed here: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    talent = _locked(talent, by)
    for name, value in fields.items():
        setattr(talent, name, value)
    if talent.nationality == "CHN":
        talent.foreign_chinese = None
    talent.name_sort = sort_key(talent.name, talent.name_zh)
    talent.clean_fields()
    talent.save()
    if talent.user and (talent.user.name, talent.user.name_zh) != (talent.name, talent.name_zh):
        talent.user.name, talent.user.name_zh = talent.name, talent.name_zh
        talent.user.save(update_fields=["name", "name_zh"])
    return talent


def _reckon(talent: Talent) -> None:
    """Write down what follows from the stays: how long abroad in all, and from where the person came last."""
    stays = list(talent.stays.all())
    if not stays:
        return
    latest = max(stays, key=lambda stay: (stay.ended_on or dt.date.max, stay.began_on))
    talent.months_abroad = months_abroad(stays, timezone.localdate())
    talent.origin = latest.country
    talent.save(update_fields=["months_abroad", "origin", "updated_at"])


@transaction.atomic
def save_stay(*, talent: Talent, by, stay: Stay | None = None, **fields) -> Stay:
    """Add a time abroad, or correct one, and reckon anew how long the person was away. Raises ProfileRefused."""
    talent = _locked(talent, by)
    if stay is None:
        stay = Stay(talent=talent)
    elif stay.talent_id != talent.pk:
        raise ProfileRefused(_("This profile is somebody else’s."))
    for name, value in fields.items():
        setattr(stay, name, value)
    stay.full_clean()
    stay.save()
    _reckon(talent)
    return stay


@transaction.atomic
def remove_stay(*, stay: Stay, by) -> None:
    """Take a time abroad out of the record. Raises ProfileRefused."""
    talent = _locked(stay.talent, by)
    stay.delete()
    _reckon(talent)


@transaction.atomic
def reckon(*, talent: Talent, by) -> None:
    """Reckon anew what follows from the stays, after staff corrected them. Raises ProfileRefused."""
    _reckon(_locked(talent, by))


@transaction.atomic
def give_consent(*, talent: Talent, what: str, by) -> Consent:
    """Record a person's yes to one use of their data; said twice it stays one yes. Raises ProfileRefused."""
    talent = _locked(talent, by)
    if talent.user_id != by.pk:
        raise ProfileRefused(_("Only the person can agree to this."))
    live = talent.consents.filter(what=what, withdrawn_at=None).first()
    return live or Consent.objects.create(talent=talent, what=Consent.What(what), text_version=CONSENT_TEXT_VERSION)


@transaction.atomic
def withdraw_consent(*, talent: Talent, what: str, by) -> None:
    """End a person's yes to one use of their data. That it was once given stays on record. Raises ProfileRefused."""
    talent = _locked(talent, by)
    talent.consents.filter(what=what, withdrawn_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def stand_as(*, talent: Talent, state: str) -> None:
    """Move a person's standing (prospect, applicant, resident, alumnus) to what follows from their applications."""
    talent = Talent.objects.select_for_update(of=("self",), no_key=True).get(pk=talent.pk)
    talent.state = TalentState(state)
    talent.save(update_fields=["state", "updated_at"])
