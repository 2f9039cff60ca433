"""The terms of gates: drafted by one manager, put into use by another. A gate under way keeps what it began with."""

from django.utils import timezone
from django.utils.translation import gettext as _

from park.rules.linter import Severity, lint
from park.workflow.actions import GuardFailed, NotYours, apply_move, begin, verb

from .. import access
from ..models import GateTerms
from ..states import TERMS

WORDING = frozenset({
    "criteria", "evidence", "scorecard", "scorers", "pass_mark", "extensions", "extension_months", "retry_days",
    "notes_en", "notes_zh_hans",
})  # fmt: skip
PAPER = {"key", "kind", "en", "zh", "mandatory", "fresh_days"}
LINE = {"key", "en", "zh", "weight"}


def faults(wording: dict) -> list[str]:
    """Return what is wrong with the terms of a gate, in sentences: what cannot be judged, shown or scored."""
    found = []
    if "criteria" in wording:
        problems = lint(wording["criteria"], GateTerms.vocabulary)
        found += [str(each) for each in problems if each.severity == Severity.ERROR]
    if "evidence" in wording:
        found += _faults_of_list(wording["evidence"], PAPER, _("paper"))
    if "scorecard" in wording:
        lines = wording["scorecard"]
        found += _faults_of_list(lines, LINE, _("line of the scorecard"))
        weights = [line.get("weight") for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
        if not all(isinstance(weight, int) and weight > 0 for weight in weights) or sum(weights or [0]) != 100:
            found.append(_("The weights of the scorecard make 100, each a whole number."))
    return found


def _faults_of_list(entries, allowed: set[str], what: str) -> list[str]:
    if not isinstance(entries, list):
        return [_("Write a list.")]
    found, keys = [], []
    for place, entry in enumerate(entries, start=1):
        where = {"what": what, "place": place}
        if not isinstance(entry, dict) or set(entry) - allowed or not entry.get("key"):
            found.append(_("%(place)s. %(what)s: only a key and what belongs to it stand here.") % where)
            continue
        keys.append(entry["key"])
        if not entry.get("en") or not entry.get("zh"):
            found.append(_("%(place)s. %(what)s: write it in both languages.") % where)
        if not isinstance(entry.get("fresh_days"), int | None) or (entry.get("fresh_days") or 1) < 1:
            found.append(_("%(place)s. %(what)s: days are a whole number.") % where)
    if len(set(keys)) != len(keys):
        found.append(_("A key stands here twice."))
    return found


def _sound(wording: dict) -> None:
    if found := faults(wording):
        raise GuardFailed(" ".join(found), code="terms-not-right")


@verb
def draft_terms(*, stage: str, by, wording: dict) -> GateTerms:
    """Draft the next version of a gate's terms; what is left out is taken from the newest. Raises MoveRefused."""
    _only(wording)
    if not by.has_perm("journey.change_gateterms"):
        raise NotYours
    newest = GateTerms.objects.select_for_update().filter(stage=stage).order_by("-number").first()
    kept = {name: getattr(newest, name) for name in WORDING} if newest else {}
    _sound(kept | wording)
    terms = GateTerms(stage=stage, number=newest.number + 1 if newest else 1, author=by, **(kept | wording))
    terms.save(force_insert=True)
    begin(TERMS, terms, "draft", by=by, may=access.may_make_of_terms)
    return terms


@verb
def revise_terms(*, terms: GateTerms, by, wording: dict, version: int | None = None) -> GateTerms:
    """Rewrite a draft; whoever does so becomes its author. Raises MoveRefused."""
    _only(wording)
    _sound(wording)
    apply_move(
        TERMS, terms, "revise", by=by, may=access.may_make_of_terms, version=version, changes=wording | {"author": by}
    )
    terms.__dict__.pop("rule", None)
    return terms


@verb
def publish_terms(*, terms: GateTerms, by, note: str = "", version: int | None = None):
    """Put a draft into use as a second manager; the version before makes way. Raises MoveRefused."""
    older = GateTerms.objects.in_use().filter(stage=terms.stage).exclude(pk=terms.pk).first()

    def guard(locked: GateTerms) -> None:
        _sound({name: getattr(locked, name) for name in WORDING})
        if not locked.criteria.get("all") and not locked.criteria.get("any"):
            raise GuardFailed(_("A gate asks for something: write at least one criterion."), code="nothing-asked")
        if older is not None:
            apply_move(TERMS, older, "replace", by=None, may=access.may_make_of_terms)

    changes = {"published_by": by, "published_at": timezone.now()}
    return apply_move(
        TERMS, terms, "publish", by=by, may=access.may_make_of_terms, note=note, version=version, guard=guard,
        changes=changes,
    )  # fmt: skip


@verb
def drop_terms(*, terms: GateTerms, by, note: str = "", version: int | None = None):
    """Give up a draft. Raises MoveRefused."""
    return apply_move(
        TERMS, terms, "drop", by=by, may=access.may_make_of_terms, internal_note=note, version=version
    )


def _only(wording: dict) -> None:
    if strange := sorted(set(wording) - WORDING):
        raise TypeError(f"not part of the terms of a gate: {', '.join(strange)}")
