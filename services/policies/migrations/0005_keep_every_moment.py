"""Let the database keep what was known and what was said, so that any verdict can be shown as it was.

Set-based: one statement a statement, whatever its number of rows. What is there already is taken as beginning now.
"""

from django.db import migrations

KNOWN = """
CREATE FUNCTION policies_keep_known() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO policies_knownuntil (tenant_id, until, was, origins, began)
    SELECT n.tenant_id,
        CASE WHEN v.was IS NULL THEN clock_timestamp() ELSE n.changed_at END,
        coalesce(v.was, '{}'), coalesce(g.origins, '{}'), false
    FROM old_rows o JOIN new_rows n ON n.tenant_id = o.tenant_id
    CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(a.key, a.value) AS was
        FROM jsonb_each(to_jsonb(o)) a JOIN jsonb_each(to_jsonb(n)) b ON b.key = a.key
        WHERE a.value <> b.value
            AND a.key NOT IN ('tenant_id', 'origins', 'derived_on', 'derived_at', 'changed_at')
    ) v
    CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(coalesce(a.key, b.key), coalesce(a.value, 'null')) AS origins
        FROM jsonb_each(o.origins) a FULL JOIN jsonb_each(n.origins) b ON b.key = a.key
        WHERE a.value IS DISTINCT FROM b.value
    ) g
    WHERE v.was IS NOT NULL OR g.origins IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION policies_begin_known() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO policies_knownuntil (tenant_id, until, was, origins, began)
    SELECT tenant_id, changed_at, '{}', '{}', true FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER policies_keep_known AFTER UPDATE ON facts_tenantfact
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION policies_keep_known();
CREATE TRIGGER policies_begin_known AFTER INSERT ON facts_tenantfact
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION policies_begin_known();
INSERT INTO policies_knownuntil (tenant_id, until, was, origins, began)
    SELECT tenant_id, clock_timestamp(), '{}', '{}', true FROM facts_tenantfact;
"""
SAID = """
CREATE FUNCTION policies_keep_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO policies_verdictchange (version_id, tenant_id, word, near, met, unknown, at)
    SELECT version_id, tenant_id, word, near, met, unknown, judged_at FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER policies_keep_verdict AFTER INSERT ON policies_verdict
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION policies_keep_verdict();
CREATE TRIGGER policies_keep_changed_verdict AFTER UPDATE ON policies_verdict
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION policies_keep_verdict();
INSERT INTO policies_verdictchange (version_id, tenant_id, word, near, met, unknown, at)
    SELECT version_id, tenant_id, word, near, met, unknown, judged_at FROM policies_verdict;
"""
FIXED = """
CREATE FUNCTION policies_moments_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was known and said is never rewritten' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER fixed BEFORE UPDATE ON policies_knownuntil
    FOR EACH ROW EXECUTE FUNCTION policies_moments_are_fixed();
CREATE TRIGGER fixed BEFORE UPDATE ON policies_verdictchange
    FOR EACH ROW EXECUTE FUNCTION policies_moments_are_fixed();
"""
BACK = """
DROP TRIGGER fixed ON policies_knownuntil; DROP TRIGGER fixed ON policies_verdictchange;
DROP TRIGGER policies_keep_known ON facts_tenantfact; DROP TRIGGER policies_begin_known ON facts_tenantfact;
DROP TRIGGER policies_keep_verdict ON policies_verdict; DROP TRIGGER policies_keep_changed_verdict ON policies_verdict;
DROP FUNCTION policies_keep_known(); DROP FUNCTION policies_begin_known(); DROP FUNCTION policies_keep_verdict();
DROP FUNCTION policies_moments_are_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0004_kept_moments"), ("facts", "0001_initial")]
    operations = [migrations.RunSQL(KNOWN + SAID + FIXED, BACK)]
