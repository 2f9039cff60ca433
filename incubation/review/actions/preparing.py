"""Setting up a round: which files, by which rubric, who may see what in which phase."""

import random
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubation.intake.models import Application
from park.workflow.actions import GuardFailed, NotYours, Stale, apply_move, begin, verb
from park.workflow.models import TransitionLog

from .. import access
from ..models import Expert, PhaseRule, Round, RoundFile
from ..models.rounds import SWITCHES, USUAL_RULES
from ..planning import survey
from ..states import CANCELLED, CLOSED, PREPARING, ROUND, SETTING_UP

IN_REVIEW = "in_review"
AT_ANY_TIME = ("name_en", "name_zh_hans", "chair")  # until the scoring is closed
WHILE_SET_UP = (
    *AT_ANY_TIME, "slug", "rubric", "blind", "experts_per_file", "files_per_expert", "minimum", "field_only", "due_at",
    "minutes", "seed",
)  # fmt: skip


@verb
def open_round(*, round: Round, by) -> TransitionLog:
    """Begin a round that was just filled in; it gets the usual rules of its phases. Raises MoveRefused."""
    round.save()
    PhaseRule.objects.bulk_create([PhaseRule(round=round, phase=phase, **rule) for phase, rule in USUAL_RULES.items()])
    return begin(ROUND, round, "open_round", by=by, may=access.may_run)


@verb
def change_round(*, round: Round, by, version: int | None = None, **fields) -> TransitionLog:
    """Change what a round asks for: all of it while it is set up, its name and chair while it is being scored.

    Raises Stale if it was changed since it was read, MoveRefused.
    """

    def guard(locked: Round) -> None:
        changed = {name for name, value in fields.items() if getattr(locked, name) != value}
        if changed - set(AT_ANY_TIME) and locked.state not in SETTING_UP:
            raise GuardFailed(_("What experts were asked by does not change while they score."), code="being-scored")
        if "blind" in changed and locked.state != PREPARING:
            raise GuardFailed(
                _("Whether names are hidden is settled while the round is being prepared."), code="copies-made"
            )
        rubric = fields.get("rubric", locked.rubric)
        if "rubric" in changed and not rubric.is_published:
            raise GuardFailed(_("The rubric is not in use yet: publish it first."), code="no-rubric")

    if strange := set(fields) - set(WHILE_SET_UP):
        raise ValueError(f"A round is not changed in {sorted(strange)}.")
    return apply_move(
        ROUND, round, "change", by=by, may=access.may_run, version=version, guard=guard, changes=fields
    )


@verb
def change_rules(*, round: Round, by, rules: dict[str, dict[str, bool]], version: int | None = None) -> TransitionLog:
    """Change who sees what in the phases of a round: ``{phase: {switch: on}}``. Raises Stale, MoveRefused."""
    log = apply_move(ROUND, round, "set_rules", by=by, may=access.may_run, version=version, versions={"rules": rules})
    for phase, switches in rules.items():
        rule = PhaseRule.objects.select_for_update(no_key=True).get(round=round, phase=phase)
        for name, on in switches.items():
            if name not in (*SWITCHES, "own_first"):
                raise ValueError(f"There is no switch '{name}'.")
            setattr(rule, name, on)
        rule.save(update_fields=list(switches))
    return log


@verb
def tag_file(*, file: RoundFile, by, tags: str, read: str | None = None) -> TransitionLog:
    """Change the tags of a file; ``read`` is what they were when they were read. Raises Stale, MoveRefused."""
    log = apply_move(
        ROUND, file.round, "tag", by=by, may=access.may_run, versions={"file": file.code, "tags": tags}
    )
    locked = RoundFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)
    if read is not None and read != locked.tags:
        raise Stale
    locked.tags = tags.strip()
    locked.save(update_fields=["tags"])
    file.tags = locked.tags
    return log


def _being_prepared(round: Round, by) -> Round:
    locked = Round.objects.select_for_update(of=("self",), no_key=True).get(pk=round.pk)
    if not access.manages(by, locked):
        raise NotYours
    if locked.state != PREPARING:
        raise GuardFailed(_("Files are put into a round and taken out while it is being prepared."), code="not-open")
    return locked


@verb
def add_files(*, round: Round, by, applications: Iterable[Application] | None = None) -> list[RoundFile]:
    """Put applications into a round; without naming any, all of its call that wait for review. Raises MoveRefused.

    Their codes are drawn, so that they say nothing about who was first.
    """
    locked = _being_prepared(round, by)
    waiting = Application.objects.filter(call=locked.call, state=IN_REVIEW).exclude(
        round_files__round__in=Round.objects.exclude(state__in=(CLOSED, CANCELLED))
    )
    chosen = list(waiting.order_by("pk"))
    if applications is not None:
        wanted = {application.pk for application in applications}
        if wanted - {application.pk for application in chosen}:
            raise GuardFailed(
                _("Only applications of this call that wait for review, and are in no other round, can be added."),
                code="not-for-this-round",
            )
        chosen = [application for application in chosen if application.pk in wanted]
    taken = set(locked.files.values_list("code", flat=True))
    draw = random.Random(f"{locked.seed}:{locked.pk}:{len(taken)}")  # noqa: S311  an order that can be drawn again
    numbers = range(1, 10 * (len(chosen) + len(taken)) + 90)
    free = [code for number in numbers if (code := f"P-{number:02d}") not in taken]
    codes = draw.sample(free[: max(len(chosen) * 3, 30)], len(chosen))
    return [
        RoundFile.objects.create(round=locked, application=application, code=code)
        for application, code in zip(chosen, codes, strict=True)
    ]


@verb
def remove_file(*, file: RoundFile, by) -> None:
    """Take a file out of a round that is being prepared, with its copy. Raises MoveRefused."""
    _being_prepared(file.round, by)
    copy = getattr(file, "copy", None)
    if copy is not None and copy.is_approved:
        raise GuardFailed(_("Its copy is approved already; the file stays in the round."), code="approved")
    file.delete()


@verb
def ready(*, round: Round, by, version: int | None = None, internal_note: str = "") -> TransitionLog:
    """Say that a round is prepared: rubric in use, files there, copies approved, enough experts. Raises MoveRefused."""

    def guard(locked: Round) -> None:
        faults = faults_of(locked)
        if faults:
            raise GuardFailed(" ".join(faults), code="not-ready")

    return apply_move(
        ROUND, round, "ready", by=by, may=access.may_run, version=version, guard=guard, internal_note=internal_note
    )


def faults_of(round: Round) -> list[str]:
    """Say what a round still lacks before experts can be assigned."""
    found = []
    if not round.rubric.is_published:
        found.append(_("The rubric is not in use yet: publish it first."))
    files = list(round.files.select_related("copy"))
    if not files:
        found.append(_("There are no files in the round."))
    open_copies = [file.code for file in files if not (hasattr(file, "copy") and file.copy.is_approved)]
    if open_copies:
        words = {"files": _(", ").join(open_copies[:8])}
        found.append(
            ngettext(
                "The copy of one file is not approved yet: %(files)s.",
                "The copies of several files are not approved yet: %(files)s.", len(open_copies),
            ) % words
        )  # fmt: skip
    wrong = [file.code for file in files if hasattr(file, "copy") and file.copy.blind != round.blind]
    if wrong:
        words = {"files": _(", ").join(wrong[:8])}
        found.append(_("These copies were made before names were hidden or opened: %(files)s.") % words)
    if Expert.objects.serving().count() < round.experts_per_file:
        found.append(_("There are fewer experts than a file needs."))
    return found


def enough_experts(round: Round) -> dict[str, int]:
    """Return how many experts without conflict each file has, by code: what a pass-on to a panel looks at."""
    desk = survey(round)
    return {file.code: sum(pair[0] == file.pk for pair in desk.fits) for file in desk.files}


@verb
def prepare_again(*, round: Round, by, version: int | None = None, internal_note: str = "") -> TransitionLog:
    """Go back to preparing, to add or take out files. Raises MoveRefused."""
    return apply_move(
        ROUND, round, "prepare_again", by=by, may=access.may_run, version=version, internal_note=internal_note
    )


@verb
def call_off(*, round: Round, by, internal_note: str, version: int | None = None) -> TransitionLog:
    """Call off a round that nobody has scored in. Its applications wait for another one. Raises MoveRefused."""
    if not internal_note.strip():
        raise GuardFailed(_("Say why, for those who look at it later."), code="no-note")
    return apply_move(
        ROUND, round, "call_off", by=by, may=access.may_run, version=version, internal_note=internal_note
    )
