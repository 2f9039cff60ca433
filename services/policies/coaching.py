"""What a tenant could do, and what it would bring: advice for near misses, and answers by what they would settle."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from park.pages.wording import local_date, money
from park.rules.advice import Advice, advise, turning_points
from park.rules.flips import Flip, flips
from park.rules.states import Verdict as Word
from park.rules.vocabulary import Fact
from park.rules.words import asked

from . import judging
from .judging import Match

MOST_FLIPS = 6  # sets a page shows of one policy


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to do and the policies that would fit then, the first of them to close first."""

    advice: Advice
    gained: tuple[Match, ...]

    @property
    def amount(self) -> Decimal:
        return sum((match.version.amount_max or Decimal(0) for match in self.gained), Decimal(0))

    @property
    def closes(self) -> dt.datetime | None:
        return min((match.version.deadline for match in self.gained if match.version.deadline), default=None)

    @property
    def steps(self) -> list[str]:
        """Say what to change; what has a number and a deadline says until when."""
        end = self.closes
        said = [step.in_words() for step in self.advice.steps]
        if end is None or self.advice.only_telling:
            return said
        return [_("%(step)s, before %(day)s") % {"step": step, "day": local_date(end)} for step in said]

    @property
    def brings(self) -> str:
        """Say what it would bring: how many policies, and up to how much."""
        policies = ngettext("%(n)s policy", "%(n)s policies", len(self.gained)) % {"n": len(self.gained)}
        if not self.amount:
            return policies
        return _("%(policies)s, up to %(amount)s") % {"policies": policies, "amount": money(self.amount)}

    @property
    def query(self) -> dict[str, str]:
        """Return the steps as the what-if page takes them."""
        return {step.fact.key: step.fact.to_json(step.to) for step in self.advice.steps}

    @property
    def order(self) -> tuple:
        return self.advice.only_telling, -self.amount, -len(self.gained), self.closes or judging.NO_DEADLINE


def suggestions(matches: Sequence[Match]) -> list[Suggestion]:
    """Return one suggestion for each way in which a near miss could be turned, what brings most first.

    What it would bring is judged, not added up: every policy that fits once the steps are taken counts.
    """
    found: dict[tuple, Suggestion] = {}
    for match in matches:
        if not match.near or match.judgement.verdict == Word.NOT_NOW:
            continue
        advice = advise(match.judgement)
        if advice is None:
            continue
        steps = tuple(sorted((key, str(value)) for key, value in advice.changes.items()))
        if steps not in found:
            found[steps] = Suggestion(advice, tuple(gained(matches, advice.changes)))
    return sorted(found.values(), key=lambda each: each.order)


def gained(matches: Iterable[Match], changes: Mapping[str, object]) -> list[Match]:
    """Return the policies that do not fit as things stand, and would with these changes; what closes first, first."""
    new = [
        match
        for match in matches
        if match.judgement.value is not True
        and any(key in match.judgement.values for key in changes)
        and judging.masks(match.judgement.rule, {**match.judgement.values, **_of(match, changes)})[0] is True
    ]
    return sorted(new, key=lambda match: (match.version.deadline or judging.NO_DEADLINE, match.policy.pk))


def _of(match: Match, changes: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in changes.items() if key in match.judgement.values}


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that is not known: how many verdicts any answer would settle, and how many policies ask for it."""

    fact: Fact
    settles: int
    waiting: int


def questions(matches: Iterable[Match], most: int = 5) -> list[Question]:
    """Return the unknown facts, those first whose answer alone settles most verdicts."""
    counts: dict[str, list[int]] = {}
    facts: dict[str, Fact] = {}
    for match in matches:
        if match.judgement.verdict != Word.MAY_FIT:
            continue
        for fact in match.judgement.missing:
            count = counts.setdefault(fact.key, [0, 0])
            facts[fact.key] = fact
            count[0] += settles(match, fact)
            count[1] += 1
    keys = sorted(counts, key=lambda key: (-counts[key][0], -counts[key][1], key))[:most]
    return [Question(facts[key], *counts[key]) for key in keys]


def settles(match: Match, fact: Fact) -> bool:
    """Tell whether a policy is decided once this fact is known, whatever the answer."""
    if match.judgement.value is not None:
        return False
    answers = turning_points(match.judgement.rule).get(fact, ())
    rule, values = match.judgement.rule, match.judgement.values
    return bool(answers) and all(judging.masks(rule, {**values, fact.key: each})[0] is not None for each in answers)


def turning(match: Match) -> dict:
    """Return the smallest sets of conditions whose change turns the verdict, as the page of a policy shows them."""
    found = flips(match.judgement)
    fits = match.judgement.verdict == Word.FITS
    reachable = [flip for flip in found if fits or flip.within_reach]
    advice = advise(match.judgement)
    return {
        "fits": fits,
        "sets": [_said(flip) for flip in (reachable or found)[:MOST_FLIPS]],
        "more": max(len(reachable or found) - MOST_FLIPS, 0),
        "out_of_reach": bool(found) and not reachable,
        "steps": [step.in_words() for step in advice.steps] if advice else [],
        "try": {step.fact.key: step.fact.to_json(step.to) for step in advice.steps} if advice else {},
    }


def _said(flip: Flip) -> list[str]:
    return [asked(criterion) for criterion in flip.criteria]
