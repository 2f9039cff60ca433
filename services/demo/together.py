"""Applications that several people write: co-applicants in each role, an open invitation, a paper that cannot be had,
a task that somebody edits, a draft copied from an earlier application and confirmed by a co-signer."""

from django.utils import timezone

from incubation.intake import actions, team
from incubation.intake.models import Application
from incubation.intake.progress import Draft
from incubation.intake.states import State
from park.accounts.models import Letter, LetterState, User

COLLEAGUE = "colleague@talent.example"


def store() -> None:
    """Let the demo's scholars write together, by the verbs that people use."""
    people = {user.email: user for user in User.objects.filter(email__startswith="scholar")}
    first, second, third = (people[f"scholar{n}@talent.example"] for n in (1, 2, 3))
    draft = Application.objects.select_related("talent__user", "form").get(talent__user=first)
    join(draft, second, "editor")
    join(draft, third, "reader")
    actions.invite(application=draft, by=first, email=COLLEAGUE, role="editor", signs=True)
    papers = next(task for task in Draft.of(draft).definition.tasks if task.kind == "papers")
    if not draft.documents.filter(paper="degree_certificate").exists():
        actions.excuse_paper(
            application=draft, task=papers, paper="degree_certificate", by=first,
            reason="The university issues the certificate in July; the letter of the faculty follows.",
        )  # fmt: skip
    again(second, third)
    send_no_mail()


def again(editor: User, signer: User) -> None:
    """Let somebody whose application was refused begin anew with its answers, and with two others."""
    refused = Application.objects.filter(state=State.REJECTED).exclude(talent__user__email__startswith="scholar")
    old = refused.select_related("talent__user", "form").order_by("pk").first()
    copied = actions.start(by=old.talent.user, like=old)
    join(copied, editor, "editor")
    join(copied, signer, "reader", signs=True)
    draft = Draft.of(copied)
    if not draft.unfinished:
        actions.sign(application=copied, by=signer, read=team.wording(draft))
    task = draft.definition.task("market")
    if task is not None:
        actions.claim_task(application=copied, task=task, by=editor)


def join(application: Application, user: User, role: str, *, signs: bool = False) -> None:
    lead = application.talent.user
    invitation = actions.invite(application=application, by=lead, email=user.email, role=role, signs=signs)
    actions.join(invitation=invitation, by=user)


def send_no_mail() -> None:
    """Say of the invitations that they were sent, and wipe their links, as the post does."""
    Letter.objects.filter(state=LetterState.PENDING, created_at__lte=timezone.now()).update(
        state=LetterState.SENT, text="", html=""
    )
