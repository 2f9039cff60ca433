"""What can be done with policies, and the only place that changes them. A verb is a line of ``states.py``."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from park.notices.actions import tell_set
from park.rules.linter import Severity, lint_rule
from park.rules.states import Verdict as Word
from park.rules.tree import RuleError, parse
from park.workflow.actions import GuardFailed, MoveRefused, Stale, apply_move, begin, verb

from . import access, golden, matching, scope, tasks, words
from .models import GoldenCase, Policy, PolicyVersion, Preview, Release
from .states import LISTED, MACHINE, State

FRESH = dt.timedelta(hours=24)  # how long a preview may be rested on
WORDING = frozenset({
    "title_en", "title_zh_hans", "summary_en", "summary_zh_hans", "rule", "benefits", "documents", "steps", "notes_en",
    "notes_zh_hans", "valid_from", "valid_until", "deadline", "compiler_status", "digest",
})  # fmt: skip
CASE = ("name_en", "name_zh_hans", "expected", "source")
ABOUT = frozenset({
    "document_no", "level", "region", "kind", "applicant", "issuing_body_en", "issuing_body_zh_hans",
    "issued_on", "tags", "source_document", "source_url", "confidence", "approximate_dates",
})  # fmt: skip


class NotFresh(GuardFailed):
    """The preview that a release rests on is missing, of another version, or too old."""

    code = "preview-not-fresh"


class RuleNotRight(GuardFailed):
    """The conditions cannot be read, or can never or always hold."""

    code = "rule-not-right"


class CaseNotRight(GuardFailed):
    """A golden case that cannot be judged, is missing, or of which the rule says something else."""

    code = "case-not-right"


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
    begin(MACHINE, version, "draft", by=by)
    if newest is not None:
        _keep_cases(version, newest.golden_cases.all())
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
        raise Stale
    for name, value in wording.items():
        setattr(version, name, value)
    if about:
        Policy.objects.filter(pk=version.policy_id).update(**about)
        version.policy.refresh_from_db()
    _read(version)
    version.author, version.version = by, version.version + 1
    version.save()
    return version


@verb
def set_cases(*, version: PolicyVersion, cases: Iterable[dict], by) -> list[GoldenCase]:
    """Write down the golden cases of a draft, all of them anew; ``by`` is who checked them against the source.

    A case is ``name_en``, ``name_zh_hans``, ``facts``, ``expected`` and ``source``. Raises MoveRefused once the version
    was sent, CaseNotRight if a case names no subject or facts that do not exist.
    """
    if not access.may_draft(by):
        raise MoveRefused(_("Only policy officers may draft a policy."), code="not-yours")
    version = PolicyVersion.objects.select_for_update(of=("self",)).select_related("policy").get(pk=version.pk)
    if version.state != State.DRAFT:
        raise MoveRefused(_("Only a draft can be rewritten. Draft a new version instead."))
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
    return _keep_cases(version, made)


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


@verb
def send_for_review(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """Hand a draft to a second officer. It needs both titles, a Chinese summary, its source, a sound rule
    and golden cases that say what they must."""
    return apply_move(MACHINE, version, "send", by=by, may=access.may_make, note=note, version=lock, guard=_complete)


@verb
def approve(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """Say as a second officer that a version is right: from now on the public catalogue shows it."""
    log = apply_move(
        MACHINE, version, "approve", by=by, may=access.may_make, note=note, version=lock, guard=_complete,
        changes={"approved_at": timezone.now()},
    )  # fmt: skip
    _show(version)
    return log


@verb
def return_for_changes(*, version: PolicyVersion, by, note: str, lock: int | None = None):
    """Give a version back to its author, and say what to change."""
    return apply_move(MACHINE, version, "return", by=by, may=access.may_make, note=note, version=lock)


@verb
def cancel(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """Give up a version that was never approved."""
    return apply_move(MACHINE, version, "cancel", by=by, may=access.may_make, note=note, version=lock)


def preview(*, version: PolicyVersion, by) -> Preview:
    """Look whom a release would reach now. What was seen is kept: a release rests on it, and the drift is shown."""
    if not access.may_preview(by):
        raise MoveRefused(_("Only policy officers and managers may see whom a policy reaches."), code="not-yours")
    if version.state in {State.CANCELLED, State.WITHDRAWN}:
        raise MoveRefused(_("This version is not going to be released."))
    return matching.preview(version, by)


@verb
def release(*, version: PolicyVersion, by, previewed: Preview, lock: int | None = None) -> Release:
    """Tell the tenants it fits of a version. Judging and telling are done by a worker, from the ledger of releases.

    ``previewed`` is what this manager saw, at most a day ago; what changed since is written down as the drift. A
    version that was released before makes way. Raises NotFresh, or what the table refuses.
    """
    if previewed.version_id != version.pk or previewed.at < timezone.now() - FRESH:
        raise NotFresh(_("Look at the preview again first: it is older than a day."))
    if previewed.by_id != by.pk:
        raise NotFresh(_("Look at the preview yourself first: this one was seen by somebody else."))
    now = timezone.now()
    older = PolicyVersion.objects.filter(policy=version.policy_id, state=State.RELEASED).exclude(pk=version.pk).first()
    if older is not None:
        apply_move(MACHINE, older, "replace", by=None, may=access.may_make)
    apply_move(
        MACHINE, version, "release", by=by, may=access.may_make, version=lock, changes={"released_at": now},
        versions={"preview": previewed.pk, "vocabulary": version.parsed.vocabulary.version},
    )  # fmt: skip
    drift = matching.drift(previewed, matching.look(version))
    made = Release.objects.create(version=version, by=by, at=now, preview=previewed, drift=drift)
    transaction.on_commit(lambda: tasks.nudge(tasks.run_release, made.pk))
    return made


@verb
def close(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """End a policy before its date: it stays in the catalogue as closed, and nobody is told of it any more."""
    return apply_move(MACHINE, version, "close", by=by, may=access.may_make, note=note, version=lock)


@verb
def archive(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """Put a closed policy away. Its page stays, for those who rest on it."""
    return apply_move(MACHINE, version, "archive", by=by, may=access.may_make, note=note, version=lock)


@verb
def withdraw(*, version: PolicyVersion, by, note: str, lock: int | None = None):
    """Take back a version that should not stand. It leaves the catalogue; whoever was told of it is told why."""
    told = version.state == State.RELEASED
    log = apply_move(MACHINE, version, "withdraw", by=by, may=access.may_make, note=note, version=lock)
    policy = Policy.objects.select_for_update().get(pk=version.policy_id)
    if policy.current_id == version.pk:
        policy.current = policy.versions.filter(state__in=LISTED).order_by("-number").first()
        policy.save(update_fields=["current"])
    if told:
        tell_set(
            matching.WITHDRAWN, recipients=matching.told_of(version), subject_id=version.pk, version=version.number
        )
    return log


# --- What a version must have -----------------------------------------------------------------------------------------
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


def _complete(version: PolicyVersion) -> None:
    """Raise GuardFailed if the version is not fit for another's eyes."""
    missing = [
        label
        for label, there in (
            (_("the title in English"), version.title_en),
            (_("the title in Chinese"), version.title_zh_hans),
            (_("the summary in Chinese"), version.summary_zh_hans),
            (_("the source"), version.policy.source_document or version.policy.source_url),
        )
        if not there
    ]
    if missing:
        raise GuardFailed(_("This is still missing: %(what)s.") % {"what": ", ".join(missing)}, code="not-complete")
    if problems := [str(each) for each in lint_rule(version.parsed) if each.severity == Severity.ERROR]:
        raise RuleNotRight(" ".join(problems))
    if faults := golden.faults(version):
        raise CaseNotRight(" ".join(faults))


def _show(version: PolicyVersion) -> None:
    """Make a version the one that the catalogue shows and finds."""
    policy = version.policy
    title = " ".join((version.title_en, version.title_zh_hans))
    body = " ".join(
        (
            version.summary_en, version.summary_zh_hans, policy.issuing_body_en or "",
            policy.issuing_body_zh_hans or "", policy.document_no, " ".join(policy.tags),
            *(text for entries in (version.benefits, version.documents) for entry in entries for text in _texts(entry)),
        )
    )  # fmt: skip
    Policy.objects.filter(pk=policy.pk).update(current=version, search=words.vector(title, body))
    policy.refresh_from_db(fields=["current"])


def _texts(entry: dict) -> tuple[str, str]:
    return entry.get("en") or "", entry.get("zh") or ""
