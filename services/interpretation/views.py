"""A policy in plain words: its articles, its handbook, and what is asked about it."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from park.accounts.doors import open_to_all, row_by_row
from park.accounts.limits import Tries, client_address
from park.accounts.views import too_often
from park.workflow.actions import GuardFailed, MoveRefused
from park.workflow.clocks import of_records
from services.policies.access import tenants_of

from . import actions, links, reading
from .forms import DepartmentForm, QuestionForm
from .models import Question
from .states import QuestionState

A_PAGE = 10
TONES = {"asked": "info", "answered": "met", "published": "met", "dropped": ""}
ANSWERED = (QuestionState.ANSWERED, QuestionState.PUBLISHED)


@open_to_all("Policies are public documents.")
@require_safe
def text(request, slug):
    """Show a policy article by article: what the document says, and plain words beside it."""
    policy = get_object_or_404(reading.listed(), slug=slug)
    return render(request, "interpretation/text.html", reading.text_of(policy))


@open_to_all("Policies are public documents.")
@require_safe
def handbook(request, slug):
    """Show the handbook of a policy on one page that prints: who, what, how much, which papers, where, until when."""
    policy = get_object_or_404(reading.listed(), slug=slug)
    return render(request, "interpretation/handbook.html", reading.handbook_of(policy))


@open_to_all("Whoever reads it may say whether it was clear; who it was is not kept.")
@require_POST
def clear(request, slug):
    """Count a reader's voice on the plain words, once a person or a visit."""
    policy = get_object_or_404(reading.listed(), slug=slug)
    said = request.POST.get("clear")
    if said not in {"yes", "no"}:
        messages.error(request, _("Say yes or no."))
    elif Tries("clear-vote", "", client_address(request)).spend():
        messages.error(request, _("Very many voices came from your network. Try again in an hour."))
    else:
        actions.say_clear(policy_version=policy.current, voter=voter_of(request), clear=said == "yes")
        thanks = _("Thank you. We are glad.") if said == "yes" else _("Thank you. Ask us what was not clear.")
        messages.success(request, thanks)
    return redirect("interpretation:text" if said != "no" else "interpretation:questions", slug)


def voter_of(request) -> str:
    """Return a digest that is the same for one person, or one visit, and tells nothing of either."""
    if request.user.is_authenticated:
        who = f"person {request.user.pk}"
    else:
        if not request.session.session_key:
            request.session.create()
        who = f"visit {request.session.session_key}"
    return hashlib.sha256(f"{settings.SECRET_KEY}\0clarity\0{who}".encode()).hexdigest()


@open_to_all("A department answers one question by a signed link that runs out, beside the draft it is about.")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def department(request, token):
    """Show a department what it is asked and the draft, and take its answer, once."""
    found = links.opened(token)
    if found is None:
        raise Http404
    asked, form, status = found.coordination, DepartmentForm(request.POST or None), 200
    context = reading.draft_of(asked.policy_version) | {"department": asked.department, "asked": asked.asked}
    over, done = found.over, False
    if not over and form.is_bound:
        status = 422
        if until := Tries("department-answer", "", client_address(request)).spend():
            return too_often(request, until)
        if form.is_valid():
            try:
                actions.answer(coordination=asked, by=None, version=asked.version, **form.cleaned_data)
            except GuardFailed as refusal:
                form.add_error(None, str(refusal))
            except MoveRefused:  # somebody was faster
                asked.refresh_from_db()
                over = links.over(asked, -1)
            else:
                done, status = True, 200
    context |= {"form": form, "over": over, "done": done}
    response = render(request, "interpretation/department.html", context, status=410 if over else status)
    response["X-Robots-Tag"] = "noindex"
    return response


@open_to_all("Answered questions are published for everybody; asking one needs a sign-in.")
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request, slug):
    """Show the published questions about a policy, to the reader their own, and take a new one."""
    policy = get_object_or_404(reading.listed(), slug=slug)
    form, status = QuestionForm(), 200
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        form, status = QuestionForm(request.POST), 422
        if form.is_valid():
            try:
                actions.ask_question(
                    policy=policy, by=request.user, tenant=tenants_of(request.user).first(), **form.cleaned_data
                )
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Your question is sent. You read here who has it and until when."))
                return redirect("interpretation:questions", slug)
    page = Paginator(reading.published(policy), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "policy": policy, "version": policy.current, "form": form, "page_obj": page, "mine": _mine(request, policy),
    }  # fmt: skip
    return render(request, "interpretation/questions.html", context, status=status)


def _mine(request, policy) -> list[dict]:
    if not request.user.is_authenticated:
        return []
    found = list(Question.objects.filter(policy=policy, asked_by=request.user).select_related("owner")[:20])
    clocks = of_records(Question, [each.pk for each in found])
    return [
        {
            "question": each,
            "state": each.get_state_display(),
            "tone": TONES[each.state],
            "owner": each.owner.display_name if each.owner else "",
            "clock": next(iter(clocks.get(each.pk, [])), None),
            "answered": each.state in ANSWERED,
            "open": each.state == QuestionState.ASKED,
        }
        for each in found
    ]


@row_by_row("who asked the question")
@require_POST
def drop_question(request, slug, public_id):
    """Take one's own question back."""
    question = get_object_or_404(Question, public_id=public_id, policy__slug=slug, asked_by=request.user)
    try:
        actions.drop(question=question, by=request.user)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The question is taken back."))
    return redirect("interpretation:questions", slug)
