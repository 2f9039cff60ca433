"""What a newer version turned for tenants: who gained, who lost and why, and who has a claim under way.

Everything here may be run twice: rows that are there already stay, and only what is missing is added.
"""

from collections.abc import Callable

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from park.accounts.models import User
from park.notices.actions import tell_set
from park.pages.wording import local_date

from . import judging
from .models import PolicyVersion, Release, ReleaseChange

LOST, AMENDED = "policy-lost", "policy-amended"  # of the notices
_claimants: list[Callable] = []


def register_claimants(people_of: Callable) -> None:
    """Add whom to tell that a version under which they claim was amended: ``people_of(version)`` is a queryset of
    people. For the AppConfig.ready of the rooms in which something is claimed."""
    if people_of not in _claimants:
        _claimants.append(people_of)


def claimants(version: PolicyVersion):
    """Return the people who have something under way that rests on a version."""
    asked = Q(pk__in=[])
    for people_of in _claimants:
        asked |= Q(pk__in=people_of(version).order_by().values("pk"))
    return User.objects.filter(asked)


def settle(release: Release, statement: tuple[str, tuple], people: Callable) -> None:
    """Write down for whom a release turned what the version before had said, and tell them.

    ``statement`` judges everybody by the new version; ``people(tenants)`` are those who are told for tenants.
    """
    judged, params = statement
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO policies_releasechange (release_id, tenant_id, what, before, after, trace)
            SELECT %s, coalesce(new.tenant_id, old.tenant_id),
                CASE WHEN new.word IN ('fits', 'may_fit') THEN 'gained' ELSE 'lost' END,
                coalesce(old.word, ''), coalesce(new.word, ''), coalesce(new.trace, '[]'::jsonb)
            FROM ({judged}) new FULL JOIN (
                SELECT v.tenant_id, v.word FROM policies_verdict v JOIN journey_tenant t ON t.id = v.tenant_id
                WHERE v.version_id = %s AND t.state = 'active'
            ) old ON old.tenant_id = new.tenant_id
            WHERE (coalesce(new.word, '') IN ('fits', 'may_fit')) <> (coalesce(old.word, '') IN ('fits', 'may_fit'))
            ON CONFLICT (release_id, tenant_id) DO NOTHING
            """,  # noqa: S608 - the inner statement is compiled by the ORM; values are parameters
            [release.pk, *params, release.amends_id],
        )
    lost = ReleaseChange.objects.filter(release=release, what=ReleaseChange.What.LOST).values("tenant")
    version = release.version
    tell_set(LOST, recipients=people(lost), subject_id=version.pk, version=version.number)
    tell_set(AMENDED, recipients=claimants(release.amends), subject_id=version.pk, version=version.number)


def reasons(change: ReleaseChange) -> list[str]:
    """Return the conditions of the new version that a tenant does not meet, or whose answer is not known."""
    if not change.after:
        return [_("The new version is not for tenants of this kind.")]
    return [
        _reason(each)
        for each in judging.of_verdict(change).criteria
        if each["state"] == ("not_met" if change.what == ReleaseChange.What.LOST else "met")
    ]


def _reason(criterion: dict) -> str:
    said = {"condition": criterion["rule"], "value": criterion["evidence"] or _("not known")}
    if criterion["ended"]:
        said["last"] = local_date(criterion["ended"])
        return _("%(condition)s: %(value)s (stale: it was valid until %(last)s)") % said
    return _("%(condition)s: %(value)s") % said
