"""Who hears that a fact runs out: thirty days before its last day, and once more when that day is over.

Each is a question, "which facts are due and was nobody told of?", asked of all tenants at once: a constant number of
statements a night. The notice's own key (the fact, and which of the two it is) keeps a second run from telling anybody
twice.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, F, Func, OuterRef, TextField, Value
from django.db.models.functions import Cast, Least
from django.utils.translation import override

from incubation.journey.models import TenantState
from park.notices.actions import tell_each
from park.notices.kinds import Key, Kind, Topic, register
from park.notices.models import Notice
from park.organisations.models import Membership
from park.pages.wording import local_date

from . import wide_row
from .access import SPEAKERS
from .models import Fact
from .vocabulary import TENANT_FACTS

KIND = "fact-stale"
SOON, OVER = 1, 2  # the version of the notice: which of the two it is
WINDOW = dt.timedelta(days=30)  # before the last day; and after it, for nights that were missed
AT_ONCE = 2000
# The fact whose value the wide row shows.
SHOWN = Func(
    "tenant__known__origins", F("key"), Value("2"), function="jsonb_extract_path_text", output_field=TextField()
)


def register_kinds() -> None:
    here = "incubation.facts.reminding"
    register(Kind(KIND, Topic.DEADLINES, load=f"{here}.load", still_wanted=f"{here}.still_stale", icon="clock"))


def remind(day: dt.date | None = None) -> int:
    """Tell those who speak for a tenant of what runs out or has run out. Returns how many notices are new."""
    day = day or wide_row.today()
    told = 0
    for version, first, last in ((SOON, day, day + WINDOW), (OVER, day - WINDOW, day - dt.timedelta(days=1))):
        facts = due(version, first, last)
        pairs = _speakers().filter(organisation__tenant__facts__in=facts)
        told += tell_each(KIND, pairs=pairs.values_list("user", "organisation__tenant__facts"), version=version)
    return told


def due(version: int, first: dt.date, last: dt.date) -> list[int]:
    """Return the facts whose last day lies there, that the wide row shows, and of which nobody was told yet.

    Where a fact's home speaks, the wide row shows the home's value. What nobody can be told of is left out, so that it
    takes no place from the rest.
    """
    told = Notice.objects.filter(kind=KIND, subject_id=OuterRef("pk"), version=version)
    found = (
        Fact.objects.holding()
        .exclude(value=None)
        .annotate(ends=Least("valid_until", "proof__valid_until"), shown=SHOWN)
        .filter(
            ~Exists(told), Exists(_speakers().filter(organisation=OuterRef("tenant__organisation"))),
            ends__range=(first, last), tenant__state=TenantState.ACTIVE, shown=Cast("pk", TextField()),
        )
    )  # fmt: skip
    return list(found.order_by("ends", "pk").values_list("pk", flat=True)[:AT_ONCE])


def _speakers():
    """Return the memberships by which somebody speaks for a tenant today."""
    return Membership.objects.current().filter(role__in=SPEAKERS, user__is_active=True)


def load(subjects: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict]:
    """Return by fact and version what the notice says, in both languages."""
    subjects = set(subjects)
    facts = Fact.objects.filter(pk__in={subject for subject, _version in subjects})
    known = {fact.pk: fact for fact in facts.select_related("tenant__organisation", "proof")}
    return {
        (subject, version): _about(known[subject], version) for subject, version in subjects if subject in known
    }


def _about(fact: Fact, version: int) -> dict:
    said = {"slug": fact.tenant.organisation.slug, "key": fact.key, "over": version == OVER}
    for language, tail in (("en", ""), ("zh-hans", "_zh")):
        with override(language):
            said |= {
                f"label{tail}": str(TENANT_FACTS[fact.key].label),
                f"day{tail}": local_date(fact.good_until, "long"),
                f"name{tail}": str(fact.tenant.organisation),
            }
    return said


def still_stale(keys: Iterable[Key]) -> set[Key]:
    """Return the notices that still make sense: no newer value has come."""
    keys = list(keys)
    wanted = set(Fact.objects.holding().filter(pk__in={key.subject_id for key in keys}).values_list("pk", flat=True))
    return {key for key in keys if key.subject_id in wanted}
