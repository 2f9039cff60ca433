"""Golden cases: subjects of whom is known what a rule must say, and whether it does."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from park.rules.judge import judge
from park.rules.states import Verdict as Word
from park.rules.vocabulary import Vocabulary

from .models import GoldenCase, PolicyVersion


@dataclass(frozen=True, slots=True)
class Tried:
    """A case, and what the rule says of it."""

    case: GoldenCase
    found: Word

    @property
    def passes(self) -> bool:
        return self.found == self.case.expected


def tried(version: PolicyVersion) -> list[Tried]:
    """Judge every golden case of a version by its rule."""
    rule = version.parsed
    return [Tried(case, judge(rule, case.facts).verdict) for case in version.golden_cases.all()]


def faults(version: PolicyVersion) -> list[str]:
    """Return what is wrong with the golden cases of a version, a sentence each: what is missing, and what fails."""
    cases = tried(version)
    expected = {each.case.expected for each in cases}
    said = []
    if Word.FITS not in expected:
        said.append(_("A golden case is missing: write down a subject that fits, and where it says so."))
    if any(not criterion.preferred for criterion in version.parsed.criteria) and not expected - {Word.FITS}:
        said.append(_("A golden case is missing: write down a subject that does not fit, and where it says so."))
    for each in cases:
        if not each.passes:
            known = {
                "name": each.case.name,
                "expected": Word(each.case.expected).label,
                "found": each.found.label,
            }
            said.append(_("Golden case “%(name)s” must say “%(expected)s”, but the rule says “%(found)s”.") % known)
    return said


def cleaned(facts, vocabulary: Vocabulary) -> dict[str, object]:
    """Return the facts of a case as JSON keeps them. Raises ValueError with a sentence that names what is wrong."""
    if not isinstance(facts, Mapping):
        raise ValueError(_("Write the facts as an object: {“enterprise.headcount”: 12}."))
    kept = {}
    for key, value in facts.items():
        fact = vocabulary.get(key)
        if fact is None:
            raise ValueError(_("No fact is called “%(key)s”.") % {"key": key})
        try:
            kept[key] = fact.to_json(fact.clean(value))
        except ValueError as reason:
            raise ValueError(_("%(fact)s: %(reason)s") % {"fact": fact.label, "reason": reason}) from None
        if fact.values and kept[key] is not None and kept[key] not in fact.values:
            raise ValueError(
                _("“%(value)s” is not one of the answers to “%(fact)s”.") % {"value": value, "fact": fact.label}
            )
    return kept
