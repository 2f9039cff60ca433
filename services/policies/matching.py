"""Which tenants a policy version fits: judged for all at once in the database, written down, and told to people.

Everything here may be run twice: rows that are there already stay, and only what is missing is added.
"""

import hashlib
import json

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import BooleanField, Case, Count, Exists, F, Func, JSONField, OuterRef, Q, Subquery, Value, When
from django.db.models import TextField as Text
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, JSONObject, Now
from django.utils import timezone

from incubation.facts import wide_row
from incubation.facts.models import TenantFact
from incubation.journey.models import TenantState
from park.accounts.models import User
from park.notices.actions import tell_set
from park.notices.models import Notice
from park.organisations.models import Membership, Role
from park.rules import sql as rules_sql
from park.rules.vocabulary import Type
from talents.profiles.models import Consent

from . import amending, new_fits
from .kinds import Applicant
from .models import Judged, NewFit, Policy, PolicyVersion, Preview, Release, SetAside, Verdict
from .scope import STAGES
from .states import State

TOLD_ROLES = (Role.OWNER, Role.MANAGER, Role.FINANCE)
TOLD_WORDS = (Verdict.Word.FITS, Verdict.Word.MAY_FIT)
KIND, WITHDRAWN = "policy-fits", "policy-withdrawn"  # of the notices
RELEASED = (KIND, amending.LOST, amending.AMENDED)  # those of one release
AS_TEXT = frozenset({Type.INTEGER, Type.DECIMAL, Type.RATIO, Type.PERCENTAGE, Type.MONEY, Type.DATE})


def audience(applicant: str):
    """Return the fact rows of the tenants that may apply for a policy of this kind of applicant.

    Whose founder took back the yes to being matched is neither judged nor told; they can look for themselves.
    """
    given = Consent.objects.filter(talent=OuterRef("tenant__talent"), what=Consent.What.MATCHING)
    rows = TenantFact.objects.filter(tenant__state=TenantState.ACTIVE).filter(
        ~Exists(given.filter(withdrawn_at__isnull=False)) | Exists(given.filter(withdrawn_at=None))
    )
    if not STAGES[Applicant(applicant)]:
        return rows.none()
    if applicant == Applicant.ENTERPRISE:
        return rows.filter(tenant__enterprise__isnull=False)
    return rows


def _trace(rule):
    """Return the facts that the rule reads, each with its value, source and day, as one JSON expression.

    What is good until a day only says until when.
    """
    entries = [
        Func(
            JSONObject(
                fact=Value(fact.key),
                value=Cast(F(fact.column), Text()) if fact.type in AS_TEXT else F(fact.column),
                source=KT(f"origins__{fact.key}__0"),
                as_of=KT(f"origins__{fact.key}__1"),
            ),
            Func(JSONObject(until=KT(f"origins__{fact.key}__3")), function="jsonb_strip_nulls"),
            template="(%(expressions)s)", arg_joiner=" || ",
        )
        for fact in rule.facts
    ]  # fmt: skip
    if not entries:
        return Value([], JSONField())
    return Func(*entries, function="jsonb_build_array", output_field=JSONField())


def judged(version: PolicyVersion, tenants=None):
    """Return the audience of a version, each row with ``word``, ``near``, ``met``, ``unknown`` and ``trace``.

    ``tenants`` is a queryset that narrows the audience.
    """
    rule = version.parsed
    met, unknown = rules_sql.compile_masks(rule)
    rows = audience(version.policy.applicant)
    if tenants is not None:
        rows = rows.filter(tenant__in=tenants)
    return rows.annotate(
        word=rules_sql.compile_verdict(rule),
        near=Case(
            When(rules_sql.compile_near(rule), then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
        met=met,
        unknown=unknown,
        trace=_trace(rule),
    )


NOBODY = """SELECT NULL::bigint AS tenant_id, '' AS word, false AS near, 0::bigint AS met, 0::bigint AS unknown,
    '[]'::jsonb AS trace WHERE false"""


def _compiled(rows) -> tuple[str, tuple]:
    """Return the statement of judged rows: tenant_id, word, near, met, unknown, trace."""
    try:
        return rows.values("tenant_id", "word", "near", "met", "unknown", "trace").query.sql_with_params()
    except EmptyResultSet:  # a policy for those who are no tenants
        return NOBODY, ()


def people(tenants):
    """Return the people who are told for these tenants: who owns, manages or keeps the books. Each once."""
    speakers = Membership.objects.current().filter(organisation__tenant__in=tenants, role__in=TOLD_ROLES)
    return User.objects.filter(is_active=True, pk__in=speakers.values("user"))


def addressed(version: PolicyVersion):
    """Return the people who are told of a version: those of the tenants whose verdict says it fits or may fit.

    Not of those who set the policy aside, nor of those who came to be fitted later: they are told why, apart.
    """
    later = NewFit.objects.filter(version=version, tenant=OuterRef("tenant"))
    tenants = Verdict.objects.filter(version=version, word__in=TOLD_WORDS, tenant__state=TenantState.ACTIVE)
    return people(tenants.filter(~SetAside.objects.of(version.policy_id), ~Exists(later)).values("tenant"))


def write_verdicts(version: PolicyVersion, tenants=None, at=None) -> int:
    """Judge the audience and keep the verdict of who fits, may fit, is near, or had a verdict before: one statement.

    Returns how many verdicts are new or became another.
    """
    sql, params = _compiled(judged(version, tenants))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO policies_verdict AS v
                (version_id, tenant_id, word, near, met, unknown, trace, judged_at)
            SELECT %s, j.tenant_id, j.word, j.near, j.met, j.unknown, j.trace, %s
            FROM ({sql}) j
            WHERE j.word <> 'not_now' OR j.near OR EXISTS (
                SELECT FROM policies_verdict old WHERE old.version_id = %s AND old.tenant_id = j.tenant_id
            )
            ON CONFLICT (tenant_id, version_id) DO UPDATE SET
                word = EXCLUDED.word, near = EXCLUDED.near, met = EXCLUDED.met, unknown = EXCLUDED.unknown,
                trace = EXCLUDED.trace, judged_at = EXCLUDED.judged_at
            WHERE (v.word, v.near, v.met, v.unknown, v.trace)
                IS DISTINCT FROM (EXCLUDED.word, EXCLUDED.near, EXCLUDED.met, EXCLUDED.unknown, EXCLUDED.trace)
            """,  # noqa: S608 - the inner statement is compiled by the ORM; values are parameters
            [version.pk, at or timezone.now(), *params, version.pk],
        )
        return cursor.rowcount


def told_as(version: PolicyVersion) -> list[dict]:
    """Return under which keys the outbox holds what a release told: whom it fits, and who lost by what it amends."""
    amends = Release.objects.filter(version=version, amends__isnull=False).exists()
    kinds = (KIND, amending.LOST, amending.AMENDED) if amends else (KIND,)
    return [{"kind": kind, "subject_id": version.pk, "version": version.number} for kind in kinds]


def notices_of(version: PolicyVersion):
    """Return the notices of a release, of whatever kind."""
    return Notice.objects.filter(kind__in=RELEASED, subject_id=version.pk, version=version.number)


def told_of(version: PolicyVersion):
    """Return the people who were told of a version: by its release, or because it came to fit them later."""
    later = Notice.objects.filter(kind=new_fits.NEW_FIT, subject_id=version.pk)
    told = Q(pk__in=notices_of(version).values("recipient")) | Q(pk__in=later.values("recipient"))
    return User.objects.filter(told)


def tell(version: PolicyVersion) -> int:
    """Tell everybody addressed who was not told yet of this version. Returns how many notices are new."""
    return tell_set(KIND, recipients=addressed(version), subject_id=version.pk, version=version.number)


SETS = """
    coalesce(array_agg(tenant_id ORDER BY tenant_id) FILTER (WHERE word = 'fits'), '{}'),
    coalesce(array_agg(tenant_id ORDER BY tenant_id) FILTER (WHERE word = 'may_fit'), '{}'),
    coalesce(array_agg(tenant_id ORDER BY tenant_id) FILTER (WHERE near AND word <> 'fits'), '{}')"""


def preview(version: PolicyVersion, by) -> Preview:
    """Look whom a release would reach now, and keep what was seen. The ids stay in the database."""
    sql, params = _compiled(judged(version))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO policies_preview (version_id, by_id, at, people, fits, may_fit, near)
            SELECT %s, %s, %s, %s, {SETS} FROM ({sql}) j RETURNING id
            """,  # noqa: S608 - the inner statement is compiled by the ORM; values are parameters
            [version.pk, by.pk, timezone.now(), people_reached(version), *params],
        )
        return Preview.objects.get(pk=cursor.fetchone()[0])


def look(version: PolicyVersion) -> Preview:
    """Look whom a release would reach now, and keep nothing."""
    sql, params = _compiled(judged(version))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SETS} FROM ({sql}) j", params)  # noqa: S608 - compiled by the ORM
        fits, may_fit, near = cursor.fetchone()
    return Preview(version=version, fits=fits, may_fit=may_fit, near=near, people=people_reached(version))


def people_reached(version: PolicyVersion) -> int:
    """Return how many people a release would tell now."""
    reached = judged(version).filter(~SetAside.objects.of(version.policy_id), word__in=TOLD_WORDS)
    return people(reached.values("pk")).count()


def drift(old: Preview, new: Preview) -> dict:
    """Return what became different between two previews: how many were gained and lost, and who."""
    before, after = {*old.fits, *old.may_fit}, {*new.fits, *new.may_fit}
    return {"gained": sorted(after - before), "lost": sorted(before - after), "people": new.people - old.people}


def mark_of(drift: dict) -> str:
    """Return a mark of who was gained and lost, by which a confirmed drift is known again; empty where nobody was."""
    if not drift["gained"] and not drift["lost"]:
        return ""
    return hashlib.sha256(json.dumps([drift["gained"], drift["lost"]]).encode()).hexdigest()[:16]


def run_release(release_id: int) -> bool:
    """Write the verdicts and tell the people of a release: one transaction, four statements whatever the number.

    A second run adds nothing. Returns whether the release is complete.
    """
    with transaction.atomic():
        release = (  # locked: a pause or a withdrawal comes before or after, never in between
            Release.objects.select_related("version__policy", "amends")
            .select_for_update(of=("self",))
            .get(pk=release_id)
        )
        version = release.version
        if version.state != State.RELEASED:  # withdrawn or closed before its turn came
            return False
        write_verdicts(version)
        tell(version)
        if release.amends_id:
            amending.settle(release, _compiled(judged(version)), people)
        count = Verdict.objects.filter(version=version).order_by()
        Release.objects.filter(pk=release_id).update(
            progress=Release.Progress.COMPLETE,
            completed_at=Coalesce("completed_at", Now()),
            fits=_number(count.filter(word=Verdict.Word.FITS)),
            may_fit=_number(count.filter(word=Verdict.Word.MAY_FIT)),
            near=_number(count.filter(near=True).exclude(word=Verdict.Word.FITS)),
            told=_number(notices_of(version).order_by(), "subject_id", Count("recipient", distinct=True)),
        )
    return True


def _number(queryset, group: str = "version", what: Count = Count("pk")):  # noqa: B008 - an expression
    """Return how many rows a queryset has, as a subquery."""
    return Coalesce(Subquery(queryset.values(group).annotate(n=what).values("n")), 0)


def finish_releases() -> int:
    """Run what a lost nudge or a dead worker left behind. Returns how many releases were finished."""
    waiting = Release.objects.unfinished().order_by("pk").values_list("pk", flat=True)
    return sum(run_release(release_id) for release_id in waiting)


def released_and_running():
    """Return the released versions of which somebody can make use today, and whose first telling is over."""
    running = Policy.objects.running().values("current")
    told = PolicyVersion.objects.filter(release__progress=Release.Progress.COMPLETE)
    return told.filter(state=State.RELEASED, pk__in=running).select_related("policy").order_by("pk")


@transaction.atomic
def rejudge_changed() -> int:
    """Judge every tenant whose facts changed since it was judged last against every released policy.

    Who newly fits is told, once; who no longer fits keeps the verdict that says so. Returns how many tenants.
    """
    run = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO policies_judged AS j (tenant_id, facts_of, at)
            SELECT f.tenant_id, f.changed_at, %s FROM facts_tenantfact f
                LEFT JOIN policies_judged old ON old.tenant_id = f.tenant_id
            WHERE old.tenant_id IS NULL OR old.facts_of < f.changed_at
            ON CONFLICT (tenant_id) DO UPDATE SET
                before = j.facts_of, facts_of = EXCLUDED.facts_of, at = EXCLUDED.at
            """,
            [run],
        )
        found = cursor.rowcount
    if found:
        tenants = Judged.objects.filter(at=run).values("tenant")
        for version in released_and_running():
            check_again(version, run, tenants)
    return found


@transaction.atomic
def check_again(version: PolicyVersion, at, tenants=None) -> int:
    """Judge the audience of a version, or these tenants of it, again, and tell who is new. Returns how many changed.

    Whom it fits for the first time is told why; who no longer fits sees it, and is not written to.
    """
    changed = write_verdicts(version, tenants, at)
    if changed and (batch := new_fits.find(version, at)):
        tenants = NewFit.objects.filter(version=version, batch=batch).filter(~SetAside.objects.of(version.policy_id))
        tell_set(new_fits.NEW_FIT, recipients=people(tenants.values("tenant")), subject_id=version.pk, version=batch)
    tell(version)
    return changed


def rejudge_all() -> int:
    """Ask the nightly question: what does every released policy say of everybody today?

    It finds what a date has turned (an age, the end of a title, a policy that comes into force) and what a lost nudge
    left behind. Asked again it finds nothing. Returns how many verdicts changed.
    """
    wide_row.refresh(wide_row.out_of_date())
    rejudge_changed()
    return sum(check_again(version, timezone.now()) for version in released_and_running())
