"""Rules judged for every company of a park: one compiled statement against loops over the rows."""

from pathlib import Path

import yaml
from django.db import connection

from bench.report import Report
from bench.scratch import COMPANIES, SCHEMA, park
from incubation.facts.vocabulary import TENANT_FACTS
from park.rules import sql
from park.rules.judge import compile_python, compile_value, judge, states
from park.rules.tree import Rule, from_eligibility, parse

POLICIES = Path(__file__).resolve().parents[1] / "services" / "demo" / "data" / "policies.yaml"

# The same two policies as a person would write them in SQL.
BY_HAND = {
    "selective": (
        "hnte-recognition",
        """enterprise_age_days >= 365 AND enterprise_core_ip_owned
           AND enterprise_hightech_field IN ('electronic_information', 'biology_medicine', 'aerospace', 'new_materials',
               'hightech_services', 'new_energy', 'resources_environment', 'advanced_manufacturing')
           AND enterprise_st_staff_ratio >= 0.1
           AND (NOT enterprise_revenue_cny <= 50000000 OR enterprise_rd_ratio_3y >= 0.05)
           AND (NOT (enterprise_revenue_cny > 50000000 AND enterprise_revenue_cny <= 200000000)
                OR enterprise_rd_ratio_3y >= 0.04)
           AND (NOT enterprise_revenue_cny > 200000000 OR enterprise_rd_ratio_3y >= 0.03)
           AND enterprise_rd_domestic_ratio >= 0.6 AND enterprise_hightech_revenue_ratio >= 0.6
           AND enterprise_hnte_score > 70 AND enterprise_incident_free_1y""",
    ),
    "broad": (
        "ccxq-pharma-valley-2023",
        """enterprise_zone IN ('CCXQ', 'CCGX', 'CCBH', 'CCKG', 'CCCD')
           AND enterprise_sector IN ('biomedicine', 'medical_devices')
           AND (enterprise_has_drug_approval OR enterprise_has_national_or_provincial_platform)""",
    ),
}
GROWTH = (100, 1000)  # the two sizes between which the exponent is taken


def rules() -> dict[str, Rule]:
    """Return every published policy as a rule, by slug."""
    policies = yaml.safe_load(POLICIES.read_text(encoding="utf-8"))["policies"]
    return {policy["slug"]: parse(from_eligibility(policy["eligibility"]), TENANT_FACTS) for policy in policies}


def run(report: Report, scales: tuple[int, ...]) -> None:
    published = rules()
    for scale in scales:
        with park(scale) as model:
            companies = f"{COMPANIES * scale:,} companies"
            for kind, (slug, where) in BY_HAND.items():
                forward(report, scale, f"{companies}, {kind} policy ({slug})", kind, published[slug], model, where)
            if scale < GROWTH[1]:  # beyond, the loops take minutes and say nothing new
                hnte = published["hnte-recognition"]
                masks(report, scale, f"{companies}, every criterion of hnte-recognition", hnte, model)
                reach(report, scale, f"{companies}, all {len(published)} policies", published, model)
    if set(GROWTH) <= set(scales):
        for kind in BY_HAND:
            report.growth(f"match.growth.{kind}", f"match.forward.{kind}", *GROWTH)


def forward(report: Report, scale: int, title: str, kind: str, rule: Rule, model, where: str) -> None:
    """Who fits? The ids of all of them."""
    names = [fact.column for fact in rule.facts]

    def compiled():
        return list(model.objects.filter(sql.compile_q(rule)).values_list("pk", flat=True))

    def by_hand():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {SCHEMA}.facts WHERE {where}")
            return [pk for (pk,) in cursor.fetchall()]

    def generated():
        said = compile_value(rule, [*names, "pk"])
        return [row[-1] for row in model.objects.values_list(*names, "pk") if said(row)]

    def objects():
        return [row.pk for row in model.objects.iterator() if judge(rule, vars(row)).value]

    cases = {"compiled": compiled, "SQL by hand": by_hand, "generated function": generated}
    ratios = {
        f"match.forward.{kind}": ("compiled", "SQL by hand"),
        f"match.generated.{kind}": ("generated function", "compiled"),
    }
    if scale < GROWTH[1]:
        cases["loop over objects"] = objects
        ratios[f"match.objects.{kind}"] = ("loop over objects", "compiled")
    report.compare(title, scale, cases, ratios)


def masks(report: Report, scale: int, title: str, rule: Rule, model) -> None:
    """What is met, not met, unknown, for everybody: two integers against a list of words."""
    names = [fact.column for fact in rule.facts]

    def compiled():
        met, unknown = sql.compile_masks(rule)
        return list(model.objects.values_list("pk", met, unknown))

    def generated():
        judged = compile_python(rule, [*names, "pk"])
        return [(row[-1], *judged(row)[1:]) for row in model.objects.values_list(*names, "pk")]

    def lists():
        return [
            (
                row["id"],
                [{"fact": each.criterion.test.fact.key, "state": each.state} for each in judge(rule, row).criteria],
            )
            for row in model.objects.values("id", *names).iterator()
        ]

    def same(rows):
        return sorted(row if len(row) == 2 else (row[0], _listed(rule, *row[1:])) for row in rows)

    report.compare(
        title,
        scale,
        {"masks in SQL": compiled, "masks in Python": generated, "lists of dicts in Python": lists},
        {
            "match.masks.python": ("masks in Python", "masks in SQL"),
            "match.masks.lists": ("lists of dicts in Python", "masks in SQL"),
        },
        same,
    )


def _listed(rule: Rule, met: int, unknown: int) -> list[dict]:
    found = states(met, unknown, len(rule.criteria))
    return [{"fact": each.test.fact.key, "state": state} for each, state in zip(rule.criteria, found, strict=True)]


def reach(report: Report, scale: int, title: str, published: dict[str, Rule], model) -> None:
    """How many does each policy reach? One count a policy, against one pass over the rows with all functions."""
    names = list(dict.fromkeys(fact.column for rule in published.values() for fact in rule.facts))

    def compiled():
        return [(slug, model.objects.filter(sql.compile_q(rule)).count()) for slug, rule in published.items()]

    def generated():
        judged = [(slug, compile_value(rule, names)) for slug, rule in published.items()]
        counts = dict.fromkeys(published, 0)
        for row in model.objects.values_list(*names).iterator():
            for slug, said in judged:
                if said(row):
                    counts[slug] += 1
        return list(counts.items())

    report.compare(
        title,
        scale,
        {"a count a policy": compiled, "one pass in Python": generated},
        {"match.reach": ("one pass in Python", "a count a policy")},
    )
