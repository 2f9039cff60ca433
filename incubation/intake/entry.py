"""The entry rule, judged on what an applicant told of themselves: by the one engine, with unknown as an answer."""

import json
from decimal import Decimal
from pathlib import Path

from django.apps import apps as current_apps
from django.utils import timezone

from incubation.facts.vocabulary import TENANT_FACTS
from park.rules import explain
from park.rules.judge import Judgement, judge
from park.rules.tree import parse
from talents.profiles.models import Degree, Stay

from .models import Application, EntryRule, EntryVerdict

DATA = Path(__file__).parent / "data" / "entry-1.json"
SOURCE = "福州市留学人员创业园管理办法 (2022), definition of a returnee"


def facts_of(application: Application) -> dict[str, object]:
    """Return what is known of the person for the rule, by fact. What nobody said is None, never no."""
    talent = application.talent
    stays = list(talent.stays.all())
    months = {kind: _months(stays, kind) for kind in (Stay.Kind.VISIT, Stay.Kind.WORK)}
    return {
        "talent.degree": talent.degree if talent.degree != Degree.VISITING_SCHOLAR else None,
        "talent.degree_abroad": talent.degree_abroad,
        "talent.visiting_scholar_months": months[Stay.Kind.VISIT] if stays else None,
        "talent.years_abroad_after_degree": Decimal(months[Stay.Kind.WORK]) / 12 if stays else None,
    }


def _months(stays: list[Stay], kind: str) -> int:
    """Count the months of the stays of one kind; one that goes on counts until today."""
    days = sum(((stay.ended_on or timezone.localdate()) - stay.began_on).days for stay in stays if stay.kind == kind)
    return max(0, int(days / 30.4375 + 0.01))


class _Known(dict):
    """Facts by key; whatever the rule asks besides is not known."""

    def __missing__(self, key):
        return None


def judged(application: Application, rule: EntryRule | None = None) -> tuple[EntryRule, Judgement] | None:
    """Judge an application by the rule in use; None if there is none."""
    rule = rule or EntryRule.objects.in_use()
    if rule is None:
        return None
    return rule, judge(parse(rule.rule, TENANT_FACTS), _Known(facts_of(application)))


def shown(application: Application) -> dict | None:
    """Return what the case shows of the entry rule: the verdict, and each criterion in words."""
    found = judged(application)
    if found is None:
        return None
    rule, judgement = found
    return {"rule": rule, "verdict": judgement.verdict.label, "entries": explain.conditions(judgement)}


def keep_verdict(*, application: Application, by) -> EntryVerdict | None:
    """Keep what the rule says now; called by the verbs that pass on or refuse after the check."""
    found = judged(application)
    if found is None:
        return None
    rule, judgement = found
    trace = [entry.as_dict() for entry in explain.trace(judgement)]
    return EntryVerdict.objects.create(
        application=application, rule=rule, verdict=judgement.verdict, trace=json.loads(json.dumps(trace, default=str)),
        by=by,
    )  # fmt: skip


def sow(apps=current_apps, using: str = "default", **_signal) -> None:
    """Store the first version of the entry rule where there is none."""
    try:
        rules = apps.get_model("intake", "EntryRule")
    except LookupError:  # a migration of long ago, asked for by hand
        return
    if not rules.objects.using(using).exists():
        rules.objects.using(using).create(
            number=1, rule=json.loads(DATA.read_text(encoding="utf-8")), source=SOURCE, in_use_since=timezone.now()
        )
