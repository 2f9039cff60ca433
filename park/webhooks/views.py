"""An organisation's webhooks: its addresses, what became of each delivery, and the dead letters."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from park.accounts.doors import row_by_row, signed_in

from . import access, actions, kinds
from .forms import EndpointForm
from .models import Sending

A_PAGE = 20
OWNERS = "owners and managers of the enterprise or partner organisation"


@signed_in("It lists the reader's own organisations; who manages none reads how to come by one.")
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Lead to the webhooks of the organisation that a person manages; let them choose among several."""
    managed = list(access.managed_by(request.user))
    if len(managed) == 1:
        return redirect("webhooks:endpoints", managed[0].slug)
    return render(request, "webhooks/organisations.html", {"organisations": managed})


@row_by_row(OWNERS)
@require_safe
def endpoints(request: HttpRequest, slug: str) -> HttpResponse:
    """List an organisation's addresses and what was told to them, newest first; or only what did not arrive."""
    organisation = get_object_or_404(access.managed_by(request.user), slug=slug)
    found = list(organisation.endpoints.order_by("-pk"))
    sendings = Sending.objects.filter(endpoint__in=found).select_related("endpoint", "event").order_by("-pk")
    troubled = sendings.troubled().count()
    dead = request.GET.get("show") == "dead"
    page = Paginator(sendings.troubled() if dead else sendings, A_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "organisation": organisation,
        "endpoints": [
            {
                "endpoint": endpoint,
                "events": [kinds.label_of(name) for name in endpoint.events],
                "old_counts": endpoint.old_until and endpoint.old_until > now,
            }
            for endpoint in found
        ],
        "page_obj": page,
        "rows": [{"sending": sending, "kind": kinds.label_of(sending.event.kind)} for sending in page],
        "dead": dead,
        "troubled": troubled,
    }
    return render(request, "webhooks/endpoints.html", context)


@row_by_row(OWNERS)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an endpoint, and show its secret this once."""
    organisation = get_object_or_404(access.managed_by(request.user), slug=slug)
    form = EndpointForm(request.POST or None)
    if form.is_valid():
        try:
            endpoint, secret = actions.make(organisation=organisation, by=request.user, **form.cleaned_data)
        except actions.CannotDo as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "webhooks/secret.html", _shown_once(endpoint, secret))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "webhooks/make.html", {"form": form, "organisation": organisation}, status=status)


@row_by_row(OWNERS)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an endpoint a new secret, and show it this once."""
    endpoint = get_object_or_404(access.endpoints_of(request.user), pk=pk)
    if request.method == "POST":
        try:
            secret = actions.rotate(endpoint=endpoint, by=request.user)
        except actions.CannotDo as refusal:
            messages.error(request, str(refusal))
            return _back(endpoint)
        return render(request, "webhooks/secret.html", _shown_once(endpoint, secret, rotated=True))
    return render(request, "webhooks/rotate.html", {"endpoint": endpoint})


@row_by_row(OWNERS)
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an endpoint something to try itself on."""
    return _done(request, pk, actions.test, _("A test is on its way. What became of it stands below."))


@row_by_row(OWNERS)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell an address nothing more."""
    return _done(request, pk, actions.stop, _("Stopped. The address is told nothing more."))


@row_by_row(OWNERS)
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one delivery again, or all that did not arrive."""
    endpoint = get_object_or_404(access.endpoints_of(request.user), pk=pk)
    sendings = Sending.objects.filter(endpoint=endpoint)
    number = request.POST.get("sending", "")
    chosen = sendings.filter(pk=number) if number.isdecimal() and len(number) < 19 else sendings.troubled()
    try:
        count = actions.replay(sendings=chosen, by=request.user)
    except actions.CannotDo as refusal:
        messages.error(request, str(refusal))
        return _back(endpoint)
    said = ngettext("%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", count)
    messages.success(request, said % {"count": count})
    return _back(endpoint)


def _done(request: HttpRequest, pk: int, verb, said: str) -> HttpResponse:
    """Do what a button of an endpoint stands for, and say that it is done or why not."""
    endpoint = get_object_or_404(access.endpoints_of(request.user), pk=pk)
    try:
        verb(endpoint=endpoint, by=request.user)
    except actions.CannotDo as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return _back(endpoint)


def _shown_once(endpoint, secret: str, **more) -> dict:
    return {"endpoint": endpoint, "organisation": endpoint.organisation, "secret": secret} | more


def _back(endpoint) -> HttpResponse:
    return redirect("webhooks:endpoints", endpoint.organisation.slug)
