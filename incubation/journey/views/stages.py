"""The five stages, for everyone."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from park.accounts.doors import open_to_all

from ..path import address, guides, park_map
from ..stages import Stage


@open_to_all("What the stages give and ask is public.")
@require_safe
def stages(request):
    known = guides()
    rows = [
        {"number": stage.number, "name": stage.label, "url": address(stage), "guide": known[stage]}
        for stage in Stage
        if stage in known
    ]
    page = {
        "stages": park_map(known),
        "rows": rows,
        "crumbs": [(_("Home"), reverse("desk:home")), (_("The five stages"), "")],
    }
    return render(request, "journey/stages.html", page)


@open_to_all("What a stage gives and asks is public.")
@require_safe
def stage(request, number, slug):
    if not 1 <= number <= len(Stage):
        raise Http404
    this = list(Stage)[number - 1]
    if slug != this.slug:
        return redirect(address(this), permanent=True)
    guide = guides().get(this)
    if guide is None:
        raise Http404
    following = this.next
    page = {
        "number": this.number,
        "name": this.label,
        "guide": guide,
        "lists": [
            (_("What you bring"), guide.entry.splitlines()),
            (_("What you get"), guide.gets.splitlines()),
            (_("What the next gate asks") if following else _("How it ends"), guide.asks.splitlines()),
            (_("What is kept as evidence"), guide.evidence.splitlines()),
        ],
        "milestones": guide.plan,
        "following": following and {"name": following.label, "url": address(following)},
        "crumbs": [(_("The five stages"), reverse("journey:stages")), (this.label, "")],
    }
    return render(request, "journey/stage.html", page)
