"""One tenant against many policies: asked in one pass, by a generated function each, and by a query each."""

import random
from decimal import Decimal

import yaml

from bench.match import POLICIES
from bench.report import Differs, Report
from bench.scratch import park
from incubation.facts.vocabulary import TENANT_FACTS
from park.rules import sql
from park.rules.judge import compile_value
from park.rules.reverse import Box
from park.rules.states import Verdict
from park.rules.tree import Rule, from_eligibility, parse

AT_ONCE = 100  # policies at scale 1; 10,000 at scale 100
SAMPLE = 500  # policies that are asked by a query each; the time is counted up to all of them
STEPS = ("0.5", "0.8", "1", "1.25", "2")


def policies(many: int) -> dict[int, Rule]:
    """Return real policies again and again, with other thresholds, as parks in other cities would have them."""
    rng = random.Random(2026)
    entries = yaml.safe_load(POLICIES.read_text(encoding="utf-8"))["policies"]
    return {
        number: parse(_varied(from_eligibility(entries[number % len(entries)]["eligibility"]), rng), TENANT_FACTS)
        for number in range(many)
    }


def _varied(node, rng: random.Random):
    if isinstance(node, list):
        return [_varied(each, rng) for each in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _varied(value, rng) if key in {"all", "any", "not"} else value for key, value in node.items()}
    value = changed.get("value")
    if "fact" in changed and isinstance(value, int | float) and not isinstance(value, bool):
        scaled = Decimal(str(value)) * Decimal(rng.choice(STEPS))
        changed["value"] = int(scaled) if isinstance(value, int) else float(round(scaled, 4))
    return changed


def run(report: Report, scales: tuple[int, ...]) -> None:
    with park(1) as model:
        columns = [fact.column for fact in TENANT_FACTS.facts]
        tenant = model.objects.order_by("pk").values("pk", *columns)[100]
        for scale in scales:
            if scale <= 100:  # 10,000 policies; a park never has more
                reverse(report, scale, policies(AT_ONCE * scale), model, tenant)


def reverse(report: Report, scale: int, rules: dict[int, Rule], model, tenant: dict) -> None:
    """Which policies fit this tenant? Their numbers."""
    box = Box.of(rules)
    functions = {number: compile_value(rule) for number, rule in rules.items()}
    tests = {literal for way, _key in box.ways for literal in way}
    fits = Verdict.FITS
    title = f"one tenant, {len(rules):,} policies, {len(box.ways):,} ways, {len(tests):,} tests"

    def one_pass():
        return [number for number, word in box.verdicts(tenant).items() if word is fits]

    def by_function():
        return [number for number, said in functions.items() if said(tenant)]

    def by_query():
        rows = model.objects.filter(pk=tenant["pk"])
        return [number for number in sample if rows.filter(sql.compile_q(rules[number])).exists()]

    def of_the_sample(found: list[int]) -> list[int]:
        return sorted(sample.intersection(found))

    sample = set(random.Random(2026).sample(sorted(rules), min(SAMPLE, len(rules))))
    if one_pass() != by_function():
        raise Differs(f"{title}: one pass and the functions do not answer the same.")
    cases = {"one pass": one_pass, "a function a policy": by_function, "a query a policy": by_query}
    ratios = {
        "reverse.function": ("a function a policy", "one pass"),
        "reverse.query": ("a query a policy", "one pass"),
    }
    times = {"a query a policy": len(rules) / len(sample)}
    said = f"{title}, {len(sample):,} of them by a query each"
    report.compare(said, scale, cases, ratios, of_the_sample, times)

    def nothing_asked():
        words = {key: Verdict.NOT_NOW for _way, key in box.ways}
        return [number for number, word in words.items() if word is fits]

    cases = {"one pass": one_pass, "ways gone through": nothing_asked}
    against = {"reverse.scan": ("one pass", "ways gone through")}
    report.compare(f"{title}, against going through them", scale, cases, against, lambda rows: [])
