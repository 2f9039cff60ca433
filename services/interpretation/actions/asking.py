"""Questions about policies, their answers, and whether the plain words were clear."""

from django.utils import timezone
from django.utils.translation import gettext as _

from park.accounts import limits
from park.workflow import clocks
from park.workflow.actions import GuardFailed, apply_move, begin, verb
from services.policies.models import Policy, PolicyVersion

from .. import access, telling
from ..models import Clarity, Question
from ..states import QUESTION

DAYS = {Question.Topic.PRACTICE: 1, Question.Topic.CONDITION: 3}
PUBLIC = ("public_question_en", "public_question_zh_hans", "public_answer_en", "public_answer_zh_hans")


@verb
def ask_question(*, policy: Policy, by, topic: str, text: str, tenant=None) -> Question:
    """Ask about a listed policy. It goes to the officer who wrote it, or to the one with the fewest open questions."""
    if not text.strip():
        raise GuardFailed(_("Write your question."), code="not-complete")
    if topic not in Question.Topic.values:
        raise GuardFailed(_("Choose what your question is about."), code="not-complete")
    if limits.spend("question", by):
        raise GuardFailed(_("You asked very many questions within an hour. Go on a little later."), code="too-often")
    made = Question.objects.create(
        policy=policy, tenant=tenant, topic=topic, text=text.strip(), asked_by=by, owner=telling.desk_of(policy)
    )
    begin(QUESTION, made, "ask", by=by)
    clocks.reset(made, "answer", DAYS[topic])
    telling.tell("question-asked", [made.owner] if made.owner else telling.officers(), made)
    return made


@verb
def take(*, question: Question, by, note: str = "", version: int | None = None):
    """Take a question that another officer has, or nobody."""
    return apply_move(
        QUESTION, question, "take", by=by, may=access.may_make_of_question, note=note, version=version,
        changes={"owner": by},
    )  # fmt: skip


@verb
def answer_question(*, question: Question, by, note: str, version: int | None = None):
    """Answer a question. Who asked is told the answer; nobody else reads it unless it is published."""
    log = apply_move(
        QUESTION, question, "answer", by=by, may=access.may_make_of_question, note=note, version=version,
        changes={"answer": note.strip(), "answered_by": by, "answered_at": timezone.now(), "owner": by},
    )  # fmt: skip
    telling.tell("question-answered", [question.asked_by], question)
    return log


@verb
def publish(*, question: Question, by, version: int | None = None, note: str = "", **words: str):
    """Show a question and its answer to everybody, in both languages and in words that name nobody."""
    given = {name: (words.get(name) or "").strip() for name in PUBLIC}
    if not all(given.values()):
        raise GuardFailed(_("Write question and answer in both languages."), code="not-complete")
    return apply_move(
        QUESTION, question, "publish", by=by, may=access.may_make_of_question, note=note, version=version,
        changes=given | {"published_at": timezone.now()},
    )  # fmt: skip


@verb
def unpublish(*, question: Question, by, note: str, version: int | None = None):
    """Take a published question off the page, and say why."""
    return apply_move(
        QUESTION, question, "unpublish", by=by, may=access.may_make_of_question, note=note, version=version
    )


@verb
def drop(*, question: Question, by, version: int | None = None):
    """Take one's own question back while nobody answered it."""
    return apply_move(QUESTION, question, "drop", by=by, may=access.may_make_of_question, version=version)


@verb
def say_clear(*, policy_version: PolicyVersion, voter: str, clear: bool) -> None:
    """Count whether a reader found the plain words clear: once a reader, who may think otherwise later."""
    Clarity.objects.bulk_create(
        [Clarity(version=policy_version, voter=voter, clear=clear)],
        update_conflicts=True, unique_fields=["version", "voter"], update_fields=["clear", "at"],
    )  # fmt: skip
