"""A person's saved searches and calendar, the calendar files, and the one click that stops a search."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from park.accounts import limits
from park.accounts.doors import open_to_all, row_by_row, signed_in
from services.policies.facets import FACETS, Asked
from services.policies.models import Policy

from . import access, actions, calendars, reminding
from .forms import FrequencyForm, SaveForm
from .models import SavedSearch


# --- Saved searches ---------------------------------------------------------------------------------------------------
@signed_in("Everybody saves searches of their own.")
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """List the searches a person saved: what each asks for, how often it is told of, when it last was."""
    found = access.searches_of(request.user).prefetch_related("alerts")
    rows = [
        {
            "search": search,
            "words": in_words(search.asked),
            "url": f"{reverse('policies:catalogue')}?{address(search)}",
            "form": FrequencyForm(initial={"frequency": search.frequency}, prefix=f"s{search.pk}"),
            "told": max((alert.at for alert in search.alerts.all()), default=None),
        }
        for search in found
    ]
    return render(request, "alerts/searches.html", {"rows": rows})


@signed_in("Everybody saves searches of their own.")
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Save the search of the address: the catalogue's own filters, cleaned as the catalogue cleans them."""
    asked = Asked.of(request.GET)
    words = in_words(asked)
    form = SaveForm(request.POST or None, initial={"name": " · ".join(words)[:80]})
    if form.is_valid():
        try:
            actions.save_search(user=request.user, asked=asked, **form.cleaned_data)
        except actions.CannotSave as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. We tell you of policies that newly match, and why they do."))
            return redirect("alerts:searches")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "alerts/save.html", {"form": form, "words": words}, status=status)


@row_by_row("whoever saved the search")
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell of a search more or less often."""
    search = get_object_or_404(access.searches_of(request.user), pk=pk)
    form = FrequencyForm(request.POST, prefix=f"s{pk}")
    if form.is_valid():
        actions.change_frequency(search=search, frequency=form.cleaned_data["frequency"])
        messages.success(request, _("Your choice is saved."))
    else:
        messages.error(request, _("Choose how often we tell you."))
    return redirect("alerts:searches")


@row_by_row("whoever saved the search")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a search from its page."""
    search = get_object_or_404(access.searches_of(request.user), pk=pk)
    actions.stop(search=search)
    messages.success(request, _("Stopped. We tell you no more of “%(name)s”.") % {"name": search.name})
    return redirect("alerts:searches")


@open_to_all("The signed address in a mail stops that one search; opening it changes nothing.")
@csrf_exempt  # mail programs press this button for their readers (RFC 8058); the signature is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one search, by one click of a mail program or by the button of this page."""
    search = access.search_of(token)
    if search is None:
        raise Http404
    if request.method == "POST":
        actions.stop(search=search)
    done = request.method == "POST" or search.stopped_at is not None
    return render(request, "alerts/stop.html", {"search": search, "done": done, "token": token})


def in_words(asked: Asked) -> list[str]:
    """Return the filters of a search as words, one a filter."""
    words = [_("“%(text)s”") % {"text": asked.text}] if asked.text else []
    for facet in FACETS:
        labels = dict(facet.choices.choices)
        words += [str(labels.get(value, value)) for value in asked.chosen.get(facet.name, [])]
    return words


def address(search: SavedSearch) -> str:
    """Return the query by which the catalogue shows a search."""
    query = QueryDict(mutable=True)
    for name, value in search.query.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query.urlencode()


# --- Calendars --------------------------------------------------------------------------------------------------------
@open_to_all("Policies are public documents, and so are their deadlines.")
@require_safe
def deadline(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand out the deadline of a policy as a calendar file."""
    policy = get_object_or_404(Policy.objects.listed().select_related("current"), slug=slug)
    moment = reminding.closing(policy.current)
    if moment is None or moment <= timezone.now():
        raise Http404
    answer = HttpResponse(calendars.of_policy(policy.current), content_type=calendars.TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{policy.slug}.ics"'
    return answer


@open_to_all("The secret address of a person's own calendar: calendar programs cannot sign in.")
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the deadlines of whoever this address was made for, while it is theirs."""
    found = access.feed_of(token)
    if found is None:
        raise Http404
    if until := limits.spend("calendar", found.user):
        answer = HttpResponse(_("Too often. Ask again in a while."), status=429, content_type="text/plain")
        answer["Retry-After"] = str(limits.seconds_until(until))
        return answer
    actions.feed_was_read(feed=found)
    with override(found.user.language):
        answer = HttpResponse(calendars.of_person(found.user), content_type=calendars.TYPE)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@signed_in("Everybody has a calendar of their own deadlines.")
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Show what closes for a person, and make or end the secret address for their calendar program."""
    made = ""
    if request.method == "POST":
        if request.POST.get("act") == "end":
            actions.end_feed(user=request.user)
            messages.success(request, _("The address no longer works."))
            return redirect("alerts:calendar")
        with override("en"):
            path = reverse("alerts:feed", args=[actions.make_feed(user=request.user)])
        made = settings.BASE_URL + path
    rows = [(reminding.closing(version), version) for version in calendars.open_deadlines(request.user)]
    kept = request.user.calendar_feeds.filter(revoked_at=None).first()
    return render(request, "alerts/calendar.html", {"made": made, "rows": rows, "feed": kept})
