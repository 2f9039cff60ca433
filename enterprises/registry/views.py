"""The companies that agreed to be shown."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from park.accounts.doors import open_to_all
from talents.profiles.sectors import Sector

from .models import Enterprise, PublicField
from .showcase import cards, publicly_readable


@open_to_all("Only what each company agreed to show, field by field.")
@require_safe
def companies(request):
    sector = request.GET.get("field", "")
    found = publicly_readable(Enterprise.objects.all()).order_by("organisation__name", "pk")
    if sector in Sector.values:
        found = found.filter(sector=sector, public_fields__contains=[PublicField.SECTOR])
    sectors = [{"value": "", "label": _("All fields")}]
    sectors += [{"value": value, "label": label} for value, label in Sector.choices]
    page = Paginator(found, 24).get_page(request.GET.get("page"))
    return render(
        request,
        "registry/companies.html",
        {
            "page_obj": page,
            "cards": cards(page.object_list),
            "sectors": sectors,
            "sector": sector,
            "crumbs": [(_("Home"), reverse("desk:home")), (_("Companies in the park"), "")],
        },
    )
