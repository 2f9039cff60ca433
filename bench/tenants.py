"""Tenants of a park at any size, stored by a few statements, for benchmarks of the pages over them."""

import pgtrigger
from django.db import connection

TENANTS = 242  # of the demo park


def fill(rows: int) -> None:
    """Store tenants in the first two stages, each with its time there, its past stage and a problem now and then."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            """WITH people AS (SELECT array_agg(id) AS ids FROM profiles_talent),
            bodies AS (
                INSERT INTO organisations_organisation (kind, name, name_en, slug, created_at)
                SELECT 'project', 'Bench ' || n, 'Bench ' || n, 'bench-' || n, now() FROM generate_series(1, %s) n
                RETURNING id
            ), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM bodies)
            INSERT INTO journey_tenant (organisation_id, talent_id, sector, state, version, stage, stage_since,
                stage_due, admitted_on, public_id)
            SELECT numbered.id, people.ids[1 + n %% cardinality(people.ids)], 'biomedicine',
                CASE WHEN n %% 23 = 0 THEN 'suspended' ELSE 'active' END, 1,
                CASE WHEN n %% 2 = 0 THEN 'project_pre' ELSE 'enterprise_pre' END, current_date - (n %% 500)::int,
                current_date - (n %% 500)::int + 365, current_date - (n %% 900)::int - 500, gen_random_uuid()
            FROM numbered, people""",
            [rows],
        )
        cursor.execute(
            """INSERT INTO journey_stageenrolment (tenant_id, stage, since, due, ended_on, created_at, written_in)
            SELECT id, 'project_pre', admitted_on, NULL, stage_since, now(), 0 FROM journey_tenant
            WHERE stage = 'enterprise_pre'
            UNION ALL
            SELECT id, stage, stage_since, stage_due, NULL, now(), 0 FROM journey_tenant"""
        )
        cursor.execute("ANALYZE organisations_organisation, journey_tenant, journey_stageenrolment")
