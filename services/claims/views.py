"""A tenant's claims: the list, beginning one, filling it in, sending it, following it, and the money calendar."""

from django.contrib import messages
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from park.accounts.doors import row_by_row
from park.files import actions as files
from park.files.models import Document
from park.workflow.actions import Conflict, MoveRefused, Stale, history, open_moves
from services.policies import page

from . import access, actions, bank, cards, fitting, moneybook, papers
from .forms import AccountForm, AmountForm, BenefitForm, ConfirmForm, NoteForm, PaperForm, SendForm, WithdrawForm
from .models import Claim, Fallback
from .states import MACHINE, State

MEMBERS = "members of the tenant, and staff who may see claims"
SPEAKERS = "owners, managers and finance members of the tenant"


def _tenant(request, slug: str):
    return get_object_or_404(access.tenants_seen_by(request.user), organisation__slug=slug)


def _claim(request, slug: str, ref: str) -> Claim:
    found = Claim.objects.visible_to(request.user).select_related(
        "tenant__organisation", "tenant__talent__user", "tenant__enterprise", "policy", "wording", "officer"
    )
    return get_object_or_404(found, tenant__organisation__slug=slug, ref=ref)


def _open_claim(request, slug: str, ref: str, account: bool = False) -> Claim:
    """Return a claim on which this person writes now; to anybody else it does not exist."""
    claim = _claim(request, slug, ref)
    if not (claim.is_open or (account and claim.needs_account)) or not access.may_speak(request.user, claim.tenant):
        raise Http404
    return claim


def _crumbs(tenant, *more) -> list[tuple]:
    slug = tenant.organisation.slug
    home = (tenant.organisation.name, reverse("desk:tenant", args=[slug]))
    return [home, (_("Claims"), reverse("claims:claims", args=[slug])), *more]


@row_by_row(MEMBERS)
@require_safe
def claims(request, slug):
    """List a tenant's claims, what stands ready without application, and what would but for one fact."""
    tenant = _tenant(request, slug)
    found = list(
        Claim.objects.visible_to(request.user)
        .filter(tenant=tenant)
        .select_related("tenant__organisation", "wording")
        .order_by(F("sent_at").desc(nulls_first=True), "-pk")
    )
    fallbacks = Fallback.objects.filter(tenant=tenant).select_related("policy__current").order_by("pk")
    context = {
        "tenant": tenant,
        "rows": [cards.row(claim) for claim in found if claim.state != State.PRE_APPROVED],
        "ready": [cards.row(claim) for claim in found if claim.state == State.PRE_APPROVED],
        "fallbacks": [cards.fallback(entry, slug) for entry in fallbacks],
        "speaks": access.may_speak(request.user, tenant),
        "crumbs": _crumbs(tenant),
    }
    return render(request, "claims/claims.html", context)


@row_by_row(SPEAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, slug, policy):
    """Begin a claim: choose the benefit, and read first what the rule says of the tenant."""
    tenant = _tenant(request, slug)
    if not access.may_speak(request.user, tenant):
        raise Http404
    found = fitting.policy_of(policy)
    if found is None:
        raise Http404
    obstacle = fitting.obstacle(found, tenant)
    benefits = [] if obstacle else fitting.benefits_of(found.current)
    form = BenefitForm(benefits, request.POST or None)
    match = None if obstacle else fitting.match_of(found, tenant)
    if not obstacle and form.is_valid():
        chosen = form.cleaned_data["benefit"]
        try:
            claim = actions.begin_claim(tenant=tenant, policy=found, benefit=chosen, by=request.user)
        except Conflict:
            there = Claim.objects.live().filter(tenant=tenant, policy=found, benefit=chosen).order_by("-pk").first()
            messages.info(request, _("There is a claim for this benefit and this period already. Here it is."))
            return redirect(there or reverse("claims:claims", args=[slug]))
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(claim)
    context = {
        "tenant": tenant,
        "policy": found,
        "obstacle": obstacle,
        "form": form,
        "match": page.as_match(match) if match else None,
        "crumbs": _crumbs(tenant, (_("Start a claim"), "")),
    }
    return render(request, "claims/new.html", context, status=422 if form.is_bound and form.errors else 200)


@row_by_row(MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request, slug, ref):
    """Show a claim: its tasks while it is being written, then where it stands, and what can be done about it."""
    found = _claim(request, slug, ref)
    speaks = access.may_speak(request.user, found.tenant)
    act = request.POST.get("act", "")
    again = NoteForm(request.POST if act == "ask_again" else None, prefix="again")
    away = WithdrawForm(request.POST if act == "withdraw" else None, prefix="away")
    names = bank.holders(found.tenant)
    confirm = ConfirmForm(found, names, request.POST if act == "confirm" else None) if speaks else None
    if request.method == "POST" and speaks and _acted(request, found, act, again, away, confirm):
        return redirect(found)
    moves = {move.name for move in open_moves(MACHINE, found, request.user, access.may_make)} if speaks else set()
    forms = [each for each in (again, away, confirm) if each is not None and each.is_bound]
    context = {
        "claim": found,
        "tenant": found.tenant,
        "title": found.wording.title,
        "tag": cards.tag(found),
        "lede": cards.lede(found),
        "moves": moves,
        "forms": forms,
        "again": again,
        "away": away,
        "confirm": confirm,
        "crumbs": _crumbs(found.tenant, (found.ref, "")),
        "past": cards.past(found),
        "promise": cards.promise(found),
    }
    if found.is_open and speaks:
        tasks = cards.tasks(found)
        context |= {
            "tasks": tasks,
            "done": sum(task["finished"] for task in tasks),
            "next": next((task for task in tasks if not task["finished"]), None),
            "known": _known(found),
            "returned": _asked_for(found),
        }
        return render(request, "claims/tasks.html", context)
    kept = found.verdicts.select_related("version__policy").last()
    context |= {
        "steps": cards.steps(found),
        "names_account": speaks and found.needs_account,
        "facts": cards.facts(found),
        "papers": cards.paper_rows(found) if found.lane == Claim.Lane.NORMAL else [],
        "match": page.as_match(fitting.of_kept(kept)) | {"subject": str(found.tenant)} if kept else None,
    }
    return render(request, "claims/claim.html", context, status=422 if any(each.errors for each in forms) else 200)


def _acted(request, claim: Claim, act: str, again, away, confirm) -> bool:
    """Do what was pressed; False where the page has to be shown again."""
    form = {"ask_again": again, "withdraw": away, "confirm": confirm}.get(act)
    if form is None or not form.is_valid():
        return False
    try:
        if act == "ask_again":
            actions.ask_again(claim=claim, by=request.user, **form.cleaned_data)
            messages.success(request, _("Asked. Somebody else looks at it within 15 working days."))
        elif act == "withdraw":
            actions.withdraw(claim=claim, by=request.user, **form.cleaned_data)
            messages.success(request, _("Withdrawn."))
        else:
            actions.confirm(claim=claim, by=request.user, **form.cleaned_data)
            messages.success(request, _("Confirmed. A finance officer orders the payment."))
    except MoveRefused as refusal:
        form.add_error(None, str(refusal))
        claim.refresh_from_db()
        return False
    return True


def _known(claim: Claim) -> list[dict]:
    """Return what is known of the tenant and what the claim rests on, each with the place to put it right."""
    policy = fitting.policy_of(claim.policy_id)
    if policy is None:
        return []
    rows = cards.known(fitting.match_of(policy, claim.tenant))
    for row in rows:
        if row["key"]:
            address = reverse("policies:answer", args=[policy.slug, row["key"]])
            row["url"] = f"{address}?for={claim.tenant.organisation.slug}"
            row["action"] = _("Answer") if row["state"] == "unknown" else _("Put right")
            if row["stale"]:
                row["action"] = _("Bring it up to date")
    return rows


def _asked_for(claim: Claim) -> str:
    """Return what the officer asked for, if the claim was returned."""
    if claim.state != State.RETURNED:
        return ""
    last = history(claim).made().filter(move="return").first()
    return last.note if last else ""


@row_by_row(SPEAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def amount(request, slug, ref):
    found = _open_claim(request, slug, ref)
    form = AmountForm(request.POST or None, initial={"amount": found.amount_asked, "note": found.note})
    benefit = fitting.benefit_at(found.wording, found.benefit)
    return _task(request, found, form, actions.fill, _("How much, and for what"), {"benefit": benefit})


@row_by_row(SPEAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request, slug, ref):
    found = _open_claim(request, slug, ref, account=True)
    form = AccountForm(found, bank.holders(found.tenant), request.POST or None)
    return _task(request, found, form, actions.give_account, _("Where the money goes"), {})


def _task(request, claim: Claim, form, verb, title: str, more: dict):
    if form.is_valid():
        try:
            verb(claim=claim, by=request.user, lock=_read(request), **form.cleaned_data)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(claim)
    context = {"claim": claim, "form": form, "title": title, "crumbs": _task_crumbs(claim, title)} | more
    return render(request, "claims/task.html", context, status=422 if form.is_bound else 200)


def _read(request) -> int | None:
    """Return the version of the claim that the person had before them. Raises Stale for what cannot be one."""
    said = request.POST.get("read", "")
    if said and not (said.isascii() and said.isdigit() and len(said) < 10):
        raise Stale
    return int(said) if said else None


def _task_crumbs(claim: Claim, title: str) -> list[tuple]:
    return _crumbs(claim.tenant, (claim.ref, claim.get_absolute_url()), (title, ""))


@row_by_row(SPEAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request, slug, ref, place):
    """Give one of the papers asked for: from the files, a new one, or the reason why there is none."""
    found = _open_claim(request, slug, ref)
    if place >= len(found.wording.documents):
        raise Http404
    words, title = found.wording.documents[place], found.wording.document_words[place]
    there = found.papers.select_related("document").filter(place=place).first()
    initial = {}
    if there:
        initial = {"on_file": str(there.document.public_id) if there.document else "",
                   "absent_because": there.absent_because}  # fmt: skip
    form = PaperForm(papers.choices(request.user, words), request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid():
        try:
            _give(request, found, place, words, form.cleaned_data)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        except (files.NotAccepted, files.NotStored) as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(found)
    context = {"claim": found, "form": form, "title": title, "crumbs": _task_crumbs(found, title), "uploads": True}
    return render(request, "claims/task.html", context, status=422 if form.is_bound else 200)


def _give(request, claim: Claim, place: int, words: dict, given: dict) -> None:
    read = _read(request)
    if given.get("file"):
        document = files.receive(request.user, given["file"], papers.kind_of(words))
        actions.give_paper(claim=claim, by=request.user, place=place, document=document, lock=read)
    elif given.get("on_file"):
        document = get_object_or_404(Document, public_id=given["on_file"], owner=request.user)
        actions.give_paper(claim=claim, by=request.user, place=place, document=document, reused=True, lock=read)
    else:
        actions.leave_paper_out(claim=claim, by=request.user, place=place, because=given["absent_because"], lock=read)


@row_by_row(SPEAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request, slug, ref):
    """Read a claim through, say that it is true, and send it."""
    found = _open_claim(request, slug, ref)
    form = SendForm(request.POST or None)
    if form.is_valid():
        act = actions.answer if found.state == State.RETURNED else actions.send
        try:
            act(claim=found, by=request.user, declared=form.cleaned_data["declared"], lock=_read(request))
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Sent. Your reference is %(ref)s.") % {"ref": found.ref})
            return redirect(found)
    tasks = cards.tasks(found)
    context = {
        "claim": found,
        "form": form,
        "facts": [{"label": label, "value": value} for label, value in cards.facts(found)],
        "papers": [{"label": row["label"], "value": row["hint"] or row["status"]} for row in cards.paper_rows(found)],
        "known": _known(found),
        "unfinished": [task for task in tasks if not task["finished"]],
        "crumbs": _task_crumbs(found, _("Check and send")),
    }
    return render(request, "claims/check.html", context, status=422 if form.is_bound else 200)


@row_by_row(MEMBERS)
@require_safe
def money(request, slug):
    """Show a tenant's money by month: what may come, what is under way, and what was paid."""
    tenant = _tenant(request, slug)
    context = moneybook.of(tenant, request.user) | {"tenant": tenant, "crumbs": _crumbs(tenant, (_("Money"), ""))}
    return render(request, "claims/money.html", context)
