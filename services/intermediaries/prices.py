"""What a service costs, in words. Units are data of the register; those it knows are said in both languages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from park.pages.wording import money, plain_number

# Units as the register writes them. A new one is shown as it stands until it is translated.
PER = (
    gettext_noop("per batch"), gettext_noop("per case"), gettext_noop("per contract"), gettext_noop("per deal"),
    gettext_noop("per entry"), gettext_noop("per event"), gettext_noop("per file"), gettext_noop("per hour"),
    gettext_noop("per item"), gettext_noop("per month"), gettext_noop("per pack"), gettext_noop("per page"),
    gettext_noop("per person and month"), gettext_noop("per plan"), gettext_noop("per project"),
    gettext_noop("per report"), gettext_noop("per round"), gettext_noop("per study"), gettext_noop("per system"),
    gettext_noop("per year"),
)  # fmt: skip
SHARES = (
    gettext_noop("of amount"), gettext_noop("of contract"), gettext_noop("of first-year pay"),
    gettext_noop("of price"), gettext_noop("of value"),
)  # fmt: skip
POINTS = "percentage points over LPR"
PAID_BY_INSURER = "paid by insurer"


def price(offer) -> str:
    """Return the price of an offer in words; empty where the register names none."""
    low, high, unit = offer.price_min, offer.price_max, offer.unit
    if unit == PAID_BY_INSURER:
        return _("paid by the insurer")
    if low is None and high is None:
        return ""
    if unit == "free" or (not low and not high):
        return _("free")
    low = high if low is None else low
    high = low if high is None else high
    if unit == POINTS:
        words = {"low": plain_number(low), "high": plain_number(high)}
        return _("LPR plus %(low)s to %(high)s percentage points") % words
    if unit.startswith("% "):
        words = {"low": plain_number(low), "high": plain_number(high), "of_what": _(unit.removeprefix("% "))}
        if low == high:
            return _("%(high)s%% %(of_what)s") % words
        return _("%(low)s%% to %(high)s%% %(of_what)s") % words
    per = unit.removeprefix("CNY ")
    words = {"low": money(low), "high": money(high), "per": _(per) if per else ""}
    if low == high:
        return _("%(high)s %(per)s") % words
    if not low:
        return _("up to %(high)s %(per)s") % words
    return _("%(low)s to %(high)s %(per)s") % words
