"""Policies written: a version drafted, rewritten, and held to subjects of whom is known what it must say."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from park.rules.states import Verdict as Word
from park.rules.tree import RuleError, parse
from park.workflow.actions import MoveRefused, begin, bring_up_to_date, verb

from .. import access, beside, golden, scope
from ..models import GoldenCase, Policy, PolicyVersion
from ..states import MACHINE, State
from .refusals import CaseNotRight, RuleNotRight, faster

WORDING = frozenset({
    "title_en", "title_zh_hans", "summary_en", "summary_zh_hans", "rule", "benefits", "documents", "steps", "notes_en",
    "notes_zh_hans", "contact_en", "contact_zh_hans", "valid_from", "valid_until", "deadline", "is_standing",
    "compiler_status", "digest",
})  # fmt: skip
CASE = ("name_en", "name_zh_hans", "expected", "source")
ABOUT = frozenset({
    "document_no", "level", "region", "kind", "applicant", "issuing_body_en", "issuing_body_zh_hans",
    "issued_on", "tags", "source_document", "source_url", "confidence", "approximate_dates",
})  # fmt: skip


@verb
def draft_version(*, slug: str, about: dict, wording: dict, by, depends_on=None, supersedes=None) -> PolicyVersion:
    """Draft the first or the next version of a policy. ``about`` belongs to the policy, ``wording`` to the version.

    What a next version leaves out is taken from the newest one. Raises MoveRefused if a draft is under way already,
    RuleNotRight if the conditions cannot be read.
    """
    _only(about, ABOUT), _only(wording, WORDING)
    if not access.may_draft(by):
        raise MoveRefused(_("Only policy officers may draft a policy."), code="not-yours")
    policy = Policy.objects.select_for_update().filter(slug=slug).first()
    if policy is None:
        policy = Policy.objects.create(slug=slug, **about)
        newest = None
    else:
        Policy.objects.filter(pk=policy.pk).update(**about) if about else None
        policy.refresh_from_db()
        newest = policy.versions.order_by("-number").first()
        if newest is not None and newest.state in {State.DRAFT, State.IN_REVIEW}:
            raise MoveRefused(_("Version %(number)s is still being worked on.") % {"number": newest.number})
    if depends_on is not None:
        policy.depends_on.set(depends_on)
    if supersedes is not None:
        policy.supersedes.set(supersedes)
    kept = {name: getattr(newest, name) for name in WORDING - {"digest"}} if newest else {}
    version = PolicyVersion(policy=policy, number=newest.number + 1 if newest else 1, author=by, **(kept | wording))
    _read(version)
    version.save(force_insert=True)
    version.writers.add(by)
    begin(MACHINE, version, "draft", by=by)
    if newest is not None:
        _keep_cases(version, newest.golden_cases.all())
        beside.carry(newest, version)
    return version


@verb
def revise(
    *, version: PolicyVersion, wording: dict, by, about: dict | None = None, lock: int | None = None
) -> PolicyVersion:
    """Rewrite a draft. Raises MoveRefused once it was sent, RuleNotRight if the conditions cannot be read."""
    _only(wording, WORDING), _only(about or {}, ABOUT)
    if not access.may_draft(by):
        raise MoveRefused(_("Only policy officers may draft a policy."), code="not-yours")
    version = PolicyVersion.objects.select_for_update(of=("self",)).select_related("policy").get(pk=version.pk)
    if version.state != State.DRAFT:
        raise MoveRefused(_("Only a draft can be rewritten. Draft a new version instead."))
    if lock is not None and lock != version.version:
        raise faster(version)
    for name, value in wording.items():
        setattr(version, name, value)
    if about:
        Policy.objects.filter(pk=version.policy_id).update(**about)
        version.policy.refresh_from_db()
    _read(version)
    version.author, version.version = by, version.version + 1
    version.save()
    version.writers.add(by)
    return version


@verb
def set_cases(
    *, version: PolicyVersion, cases: Iterable[dict], by, lock: int | None = None
) -> list[GoldenCase]:
    """Write down the golden cases of a draft, all of them anew; ``by`` is who checked them against the source.

    A case is ``name_en``, ``name_zh_hans``, ``facts``, ``expected`` and ``source``. Raises MoveRefused once the version
    was sent, Stale if it is not the one that was read, CaseNotRight if a case names no subject or facts that do not
    exist.
    """
    if not access.may_draft(by):
        raise MoveRefused(_("Only policy officers may draft a policy."), code="not-yours")
    given_one = version
    version = PolicyVersion.objects.select_for_update(of=("self",)).select_related("policy").get(pk=version.pk)
    if version.state != State.DRAFT:
        raise MoveRefused(_("Only a draft can be rewritten. Draft a new version instead."))
    if lock is not None and lock != version.version:
        raise faster(version)
    made, names = [], set()
    for given in cases:
        case = GoldenCase(version=version, checked_by=by, **{name: given.get(name) or "" for name in CASE})
        if not (case.name_en and case.name_zh_hans):
            raise CaseNotRight(_("Say in both languages who a golden case is about."))
        if case.name_en in names:
            raise CaseNotRight(_("Two golden cases are called “%(name)s”.") % {"name": case.name})
        names.add(case.name_en)
        if case.expected not in Word.values:
            raise CaseNotRight(_("Golden case “%(name)s”: choose what the rule must say.") % {"name": case.name})
        try:
            case.facts = golden.cleaned(given.get("facts") or {}, version.vocabulary)
        except ValueError as reason:
            known = {"name": case.name, "reason": reason}
            raise CaseNotRight(_("Golden case “%(name)s”: %(reason)s") % known) from None
        made.append(case)
    kept = _keep_cases(version, made)
    version.version += 1
    version.save(update_fields=["version"])
    bring_up_to_date(given_one, version)
    return kept


def _keep_cases(version: PolicyVersion, cases: Iterable[GoldenCase]) -> list[GoldenCase]:
    """Write the cases of a draft in place of those it has; what did not change keeps its day and who checked it."""
    old = {case.name_en: case for case in version.golden_cases.all()}
    kept, new = [], []
    for case in cases:
        twin = old.get(case.name_en)
        if twin is not None and all(getattr(twin, name) == getattr(case, name) for name in (*CASE, "facts")):
            kept.append(twin.pk)
            continue
        case.pk, case.version, case._state.adding = None, version, True
        new.append(case)
    version.golden_cases.exclude(pk__in=kept).delete()
    return GoldenCase.objects.bulk_create(new)


def _only(given: dict, allowed: Iterable[str]) -> None:
    if strange := sorted(set(given) - set(allowed)):
        raise TypeError(f"not part of a policy: {', '.join(strange)}")


def _read(version: PolicyVersion) -> None:
    """Read the rule of a version, and write beside it what follows from it."""
    version.__dict__.pop("parsed", None)
    try:
        rule = parse(version.rule, version.vocabulary)
    except RuleError as error:
        raise RuleNotRight(str(error)) from None
    version.stages = scope.stages(version.policy.applicant, rule)
    version.sectors = scope.sectors(version.policy.applicant, rule)
    version.amount_max = scope.amount_max(version.benefits)
