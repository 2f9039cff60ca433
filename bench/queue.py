"""The officers' pages at any size of the park: the same number of questions, and how the time grows."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bench import tenants
from bench.report import Differs, Figure, Report, _seconds
from incubation.intake import entry, pace, queue, seeds
from incubation.intake.models import Application, Call, FormVersion
from park.accounts.models import User

APPLICATIONS = 63  # sent ones of the demo park
SPREAD = "260 days"  # over which they came, at each size: the same share of them is late
PAGES = {
    "list": "/admin/intake/application/",
    "mine": "/admin/intake/application/?queue=mine",
    "late": "/admin/intake/application/?queue=late",
    "search": "/admin/intake/application/?q=Project+7",
    "home": "/admin/",
    "tenants": "/admin/journey/tenant/",
    "board": "/admin/journey/tenant/board/",
}


class _Discard(Exception):
    pass


def run(report: Report, scales: tuple[int, ...]) -> None:
    logging.getLogger("django_structlog").setLevel(logging.WARNING)  # a line a page would drown the figures
    first: dict[str, tuple[int, list[float]]] = {}
    for scale in scales:
        with park(scale) as (client, officer):
            cases = {name: lambda address=address: client.get(address) for name, address in PAGES.items()}
            cases |= {"counts": lambda: queue.counts(officer), "pace": pace.by_call}
            print(f"\n{APPLICATIONS * scale:,} applications{'':20} {'questions':>10} {'median':>10}")
            for name, case in cases.items():
                questions, taken = measured(report, case)
                print(f"  {name:38} {questions:10} {median(taken) * 1000:8.2f}ms")
                report.times[f"{APPLICATIONS * scale} applications: {name}"] = taken
                known, before = first.setdefault(name, (questions, taken))
                if questions != known:
                    raise Differs(f"{name}: {questions} questions at {scale}x, {known} at {scales[0]}x.")
                if scale != scales[0]:
                    rounds = [now / then for now, then in zip(taken, before, strict=True)]
                    report.figures.append(Figure(f"queue.{name}", scale, rounds, taken))


def measured(report: Report, case) -> tuple[int, list[float]]:
    """Return how many questions a case asks of the database, and its seconds, round by round."""
    answer = case()
    if getattr(answer, "status_code", 200) != 200:
        raise Differs(f"A page answered {answer.status_code}.")
    with CaptureQueriesContext(connection) as captured:
        case()
    return len(captured), [_seconds(case) for _round in range(report.rounds)]


@contextmanager
def park(scale: int) -> Iterator[tuple[Client, User]]:
    """Give a signed-in officer and ``scale`` times the demo's applications; nothing of it is left afterwards."""
    changed = {
        "REQUIRE_SECOND_FACTOR": False,  # nobody is at a keyboard here
        "ALLOWED_HOSTS": ["testserver"],
        "STORAGES": settings.STORAGES | {
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        },
    }  # fmt: skip
    try:
        with transaction.atomic(), override_settings(**changed):
            officer = User.objects.create_user(
                email="bench@park.example", name="Bench", password=None, is_staff=True, language="en"
            )
            rooms = ["intake", "casework", "journey"]
            officer.user_permissions.set(Permission.objects.filter(content_type__app_label__in=rooms))
            fill(APPLICATIONS * scale, officer)
            tenants.fill(tenants.TENANTS * scale)
            client = Client()
            client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[0])
            yield client, officer
            raise _Discard
    except _Discard:
        pass


def fill(rows: int, officer: User) -> None:
    """Store applications with their people, moves' clocks and messages, by a few statements."""
    seeds.sow()
    entry.sow()
    call, form = Call.objects.order_by("pk").first(), FormVersion.objects.order_by("pk").first()
    kind = ContentType.objects.get_for_model(Application).pk
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.2026)")
        cursor.execute(
            """WITH people AS (
                INSERT INTO profiles_talent (state, name, name_zh, name_sort, gender, nationality, origin, degree,
                    sector, specialty, talent_class, about, created_at, updated_at)
                SELECT 'applicant', 'Person ' || md5(n::text), '', 'person ' || md5(n::text), '', 'CHN', '', 'doctor',
                    '', '', '', '', now(), now() FROM generate_series(1, %s) n RETURNING id
            ), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM people)
            INSERT INTO intake_application (call_id, form_id, talent_id, ref, draft_ref, title, sector, answers, state,
                version, officer_id, created_at, saved_at, submitted_at, decided_at)
            SELECT %s, %s, id, 'BENCH-' || n, 'DB-' || n, 'Project ' || n || ' ' || md5(n::text), '', '{}',
                (ARRAY['submitted', 'screening', 'more_info', 'in_review', 'rejected', 'rejected', 'rejected'])
                    [1 + n %% 7],
                1, CASE WHEN n %% 7 > 0 AND n %% 5 = 0 THEN %s END, now(), now(), now() - n * (%s::interval / %s),
                CASE WHEN n %% 7 > 3 THEN now() END
            FROM numbered""",
            [rows, call.pk, form.pk, officer.pk, SPREAD, rows],
        )
        cursor.execute(
            """INSERT INTO workflow_clock (content_type_id, object_id, name, working_days, started_at, warn_at, due_at,
                paused_for, stopped_at)
            SELECT %s, id, 'screening', 3, submitted_at, submitted_at + interval '2 days',
                submitted_at + interval '5 days', interval '0',
                CASE WHEN state IN ('in_review', 'rejected') THEN submitted_at + random() * interval '6 days' END
            FROM intake_application WHERE ref LIKE 'BENCH-%%'""",
            [kind],
        )
        cursor.execute(
            """INSERT INTO casework_message (content_type_id, object_id, visibility, side, author_id, at, text)
            SELECT %s, id, 'applicant', CASE WHEN random() < 0.5 THEN 'applicant' ELSE 'park' END, %s, now(), 'Hello'
            FROM intake_application WHERE ref LIKE 'BENCH-%%' AND random() < 0.3""",
            [kind, officer.pk],
        )
        cursor.execute("ANALYZE intake_application, profiles_talent, workflow_clock, casework_message")
