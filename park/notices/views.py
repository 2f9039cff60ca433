"""The inbox, what we send, and the way out of a mail."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from park.accounts.doors import open_to_all, row_by_row, signed_in

from . import access, actions, kinds, mails, words
from .forms import PreferencesForm
from .kinds import Topic
from .models import Channel, Frequency, Notice

A_PAGE = 20


@signed_in("Everybody has an inbox of their own.")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What we told this person, newest first; all of it or only what is new, of all topics or of one."""
    notices = access.inbox_of(request.user)
    new = notices.unread().count()
    chosen = {"show": request.GET.get("show", ""), "topic": request.GET.get("topic", "")}
    if chosen["show"] == "new":
        notices = notices.unread()
    if chosen["topic"] in Topic.values:
        notices = notices.filter(kind__in=[kind.name for kind in kinds.registered() if kind.topic == chosen["topic"]])
    page = Paginator(notices, A_PAGE).get_page(request.GET.get("page"))
    letters = words.letters_of(page.object_list)
    rows = [
        {"notice": notice, "letter": letters[notice.pk], "kind": kinds.get(notice.kind), "topic": _topic(notice)}
        for notice in page.object_list
    ]
    context = {"page_obj": page, "rows": rows, "new": new, "chosen": chosen, "topics": Topic.choices}
    return render(request, "notices/inbox.html", context)


def _topic(notice: Notice) -> str:
    return Topic(kinds.get(notice.kind).topic).label


@row_by_row("the reader of the notice")
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a notice as read and go where it leads."""
    notice = get_object_or_404(access.inbox_of(request.user), pk=pk)
    actions.read(notice=notice)
    return redirect(words.letters_of([notice])[notice.pk].url or reverse("notices:inbox"))


@signed_in("Everybody has an inbox of their own.")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Take everything as read."""
    actions.read_all(user=request.user)
    return redirect("notices:inbox")


@signed_in("Everybody chooses for themselves what we send.")
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Topic by topic: how often by e-mail. What stands in the portal, and what cannot be turned off, is said."""
    kept = request.user.notice_preferences.filter(channel=Channel.EMAIL).values_list("topic", "frequency")
    form = PreferencesForm(request.POST or None, initial=dict(kept))
    if request.method == "POST" and form.is_valid():
        actions.prefer(user=request.user, wishes=form.wishes)
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:preferences")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "notices/preferences.html", {"form": form}, status=status)


@open_to_all("The signed address in a mail turns that topic down for its reader; opening it changes nothing.")
@csrf_exempt  # mail programs press this button for their readers (RFC 8058); the signature is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Turn one topic down, by one click of a mail program or by the button of this page."""
    try:
        user_id, topic = mails.read_token(token)
        user = get_user_model().objects.get(pk=user_id)
        label = Topic(topic).label
    except (signing.BadSignature, ValueError, TypeError, get_user_model().DoesNotExist):
        raise Http404
    if request.method == "POST":
        actions.prefer(user=user, wishes={topic: Frequency.NEVER})
    context = {"topic": label, "done": request.method == "POST", "token": token}
    return render(request, "notices/unsubscribe.html", context)
