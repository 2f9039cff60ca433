"""In whose name one acts."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from park.accounts.doors import row_by_row

from .middleware import KEY
from .models import Membership


@row_by_row("members of the organisation", "One may act for an organisation only while one is its member.")
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act for one of one's organisations from now on, or (with an empty choice) for oneself again."""
    slug, back = request.POST.get("organisation", ""), request.POST.get("next", "")
    if slug:
        held = get_object_or_404(Membership.objects.acting_for(request.user), organisation__slug=slug)
        request.session[KEY] = held.organisation_id
    else:
        request.session.pop(KEY, None)
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("desk:me")
    return HttpResponseRedirect(back)
