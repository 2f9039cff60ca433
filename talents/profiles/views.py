"""A person's own profile."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from park.accounts.doors import row_by_row, signed_in

from . import actions, countries
from .forms import ProfileForm, StayForm
from .models import Consent, Stay
from .timeline import gaps

ASKED_HERE = (Consent.What.SHOWCASE, Consent.What.MATCHING)


def stay_rows(stays) -> list[dict]:
    """Return times abroad as a page shows them."""
    return [
        {
            "stay": stay,
            "place": stay.place,
            "country": countries.name_of(stay.country),
            "what": stay.what or stay.get_kind_display(),
            "url": reverse("profiles:stay", args=[stay.pk]),
        }
        for stay in stays
    ]


def way_back(request) -> str:
    """Return the page of our own that sent the reader here, else the profile."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if own else reverse("profiles:profile")


@signed_in("Everybody keeps their own profile, and sees no other here.")
def profile(request):
    talent = actions.known_as(request.user)
    form = ProfileForm(request.POST or None, instance=talent)
    if request.method == "POST" and form.is_valid():
        actions.save_profile(talent=actions.talent_of(request.user), by=request.user, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("profiles:profile")
    stays = list(Stay.objects.filter(talent__user=request.user))
    live = Consent.objects.filter(talent__user=request.user, withdrawn_at=None)
    given = set(live.values_list("what", flat=True))
    page = {
        "form": form,
        "talent": talent,
        "stays": stay_rows(stays),
        "gaps": gaps(stays, timezone.localdate()),
        "consents": [{"what": what.value, "label": what.label, "given": what in given} for what in ASKED_HERE],
        "crumbs": [(_("Your home"), reverse("desk:me")), (_("Profile"), "")],
    }
    return render(request, "profiles/profile.html", page, status=422 if form.is_bound else 200)


@row_by_row("the person the profile is about")
def stay(request, pk=None):
    """Add a time abroad, or correct one."""
    own = Stay.objects.filter(talent__user=request.user)
    known = get_object_or_404(own, pk=pk) if pk else None
    form = StayForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        record = get_object_or_404(own, pk=pk) if pk else None  # untouched by the form
        actions.save_stay(
            talent=actions.talent_of(request.user), by=request.user, stay=record, **form.cleaned_data
        )
        messages.success(request, _("Your time abroad is saved."))
        return redirect(way_back(request))
    page = {
        "form": form,
        "stay": known,
        "next": way_back(request),
        "crumbs": [(_("Profile"), way_back(request)), (_("Time abroad"), "")],
    }
    return render(request, "profiles/stay.html", page, status=422 if form.is_bound else 200)


@row_by_row("the person the profile is about")
@require_POST
def remove_stay(request, pk):
    record = get_object_or_404(Stay, pk=pk, talent__user=request.user)
    actions.remove_stay(stay=record, by=request.user)
    messages.success(request, _("The entry is removed."))
    return redirect(way_back(request))


@signed_in("Everybody says yes or no for themselves.")
@require_POST
def consent(request):
    """Give or withdraw the yes to one use of one's data."""
    what, answer = request.POST.get("what", ""), request.POST.get("answer", "")
    if what not in ASKED_HERE or answer not in {"give", "withdraw"}:
        raise Http404
    talent = actions.talent_of(request.user)
    if answer == "give":
        actions.give_consent(talent=talent, what=what, by=request.user)
        messages.success(request, _("Thank you. You can withdraw this at any time."))
    else:
        actions.withdraw_consent(talent=talent, what=what, by=request.user)
        messages.success(request, _("Withdrawn. It no longer happens from now on."))
    return redirect(f"{reverse('profiles:profile')}#consents")
