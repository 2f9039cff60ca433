"""How amounts, days and moments are written in the two languages. Templates, mails and letters ask here."""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone, get_timezone_location
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

BEIJING = ZoneInfo("Asia/Shanghai")

# Units of money from the largest down: what one unit is worth, and how it is written.
MONEY = {
    "en": [(10**9, "CN¥{} billion"), (10**6, "CN¥{} million"), (1, "CN¥{}")],
    "zh": [(10**8, "{}亿元"), (10**4, "{}万元"), (1, "{}元")],
}
DAYS = {
    "en": {
        "short": "d MMM y",
        "long": "d MMMM y",
        "weekday": "EEE d MMM",
        "full": "EEEE d MMMM y",
        "month": "MMM y",
        "month_only": "MMM",
        "weekday_only": "EEE",
        "day_number": "d",
        "day": "d MMM",
        "time": "HH:mm",
        "moment": "d MMM y, HH:mm",
        "day_time": "d MMM, HH:mm",
    },
    "zh": {
        "short": "y年M月d日",
        "long": "y年M月d日",
        "weekday": "M月d日（EEE）",
        "full": "y年M月d日 EEEE",
        "month": "y年M月",
        "month_only": "M月",
        "weekday_only": "EEE",
        "day_number": "d",
        "day": "M月d日",
        "time": "HH:mm",
        "moment": "y年M月d日HH:mm",
        "day_time": "M月d日HH:mm",
    },
}
# Signs in what a browser says of itself; the more particular ones first, for each claims to be its elders too.
BROWSERS = [
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
]
BABEL_LOCALES = {"en": "en_US", "zh": "zh_Hans_CN"}


def language() -> str:
    """Return ``en`` or ``zh``, after the language that is active."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def plain_number(value, places: int = 2) -> str:
    """Write a number with commas and without idle noughts: 3,240 or 1.5."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    written = f"{rounded:,f}"
    return (written.rstrip("0").rstrip(".") if "." in written else written).replace("-", "−")


def money(amount, about: bool = False) -> str:
    """Write yuan: CN¥500,000, CN¥2.4 million; 50万元, 3.12亿元.

    A sum that two decimals of the larger unit cannot hold is written in the smaller one, so nothing is rounded
    away unless ``about`` asks for it.
    """
    amount = Decimal(str(amount))
    for worth, words in MONEY[language()]:
        scaled = amount / worth
        exact = scaled == scaled.quantize(Decimal("0.01"))
        if worth == 1:
            whole = amount == amount.to_integral_value()
            number = plain_number(amount) if whole or about else f"{amount:,.2f}"
            return words.format(number)
        if abs(scaled) >= 1 and (about or exact):
            return words.format(plain_number(scaled, 1 if about and abs(scaled) >= 10 else 2))
    raise AssertionError("the last unit is worth one")


def percent(ratio) -> str:
    """Write a share of one as per cent, with one decimal where it matters."""
    return f"{plain_number(Decimal(str(ratio)) * 100, 1)}%"


def area(square_metres) -> str:
    return gettext("%(number)s m²") % {"number": plain_number(square_metres)}


def months(count: int) -> str:
    return ngettext("%(count)s month", "%(count)s months", count) % {"count": plain_number(count)}


def file_size(size: int) -> str:
    """Write bytes as KB or MB, as file managers do."""
    if size < 1024 * 1024:
        return gettext("%(number)s KB") % {"number": plain_number(max(1, round(size / 1024)))}
    return gettext("%(number)s MB") % {"number": plain_number(size / 1024 / 1024, 1)}


def day_of(value: date | datetime) -> date:
    """Return the day on the park's calendar: a moment counts by Beijing time."""
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).date() if timezone.is_aware(value) else value.date()
    return value


def local_date(value: date | datetime, style: str = "short") -> str:
    """Write a day, or a moment as Beijing has it, in one of the styles of ``DAYS``."""
    pattern, locale = DAYS[language()][style], BABEL_LOCALES[language()]
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = value.astimezone(BEIJING).replace(tzinfo=None)
    if isinstance(value, datetime):
        return format_datetime(value, pattern, locale=locale)
    return format_date(value, pattern, locale=locale)


def days_left(value: date | datetime) -> str:
    """Say how far away a day is, counted on the park's calendar."""
    days = (day_of(value) - timezone.now().astimezone(BEIJING).date()).days
    if days < 0:
        return ngettext("%(count)s day ago", "%(count)s days ago", -days) % {"count": -days}
    if days == 0:
        return gettext("today")
    return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}


def city_of(zone) -> str:
    """Name the city of a time zone in the active language."""
    if str(zone) == "Asia/Shanghai":
        return gettext("Beijing")
    return get_timezone_location(get_timezone(str(zone)), locale=BABEL_LOCALES[language()], return_city=True)


def reader_sees(moment: datetime) -> datetime | None:
    """Return the moment on the reader's clock, or None where it shows the same as Beijing's."""
    theirs = timezone.localtime(moment)
    return theirs if theirs.utcoffset() != moment.astimezone(BEIJING).utcoffset() else None


def two_clocks(moment: datetime, with_offset: bool = True) -> dict[str, str]:
    """Return a deadline in words: ``here`` by Beijing time, ``there`` on the reader's clock (empty if the same)."""
    written = {"moment": local_date(moment, "moment")}
    if with_offset:
        here = gettext("%(moment)s Beijing time (UTC+8)") % written
    else:
        here = gettext("%(moment)s Beijing time") % written
    theirs = reader_sees(moment)
    if theirs is None:
        return {"here": here, "there": ""}
    style = "time" if theirs.date() == moment.astimezone(BEIJING).date() else "day_time"
    reader = {"time": local_date(theirs.replace(tzinfo=None), style), "city": city_of(timezone.get_current_timezone())}
    return {"here": here, "there": gettext("%(time)s in your time zone (%(city)s)") % reader}


def both_times(moment: datetime) -> str:
    """Write a moment of the past in one line, the reader's clock first."""
    theirs = reader_sees(moment)
    if theirs is None:
        return gettext("%(moment)s Beijing time") % {"moment": local_date(moment, "moment")}
    style = "time" if theirs.date() == moment.astimezone(BEIJING).date() else "day_time"
    return gettext("%(yours)s your time · %(beijing)s Beijing") % {
        "yours": local_date(theirs.replace(tzinfo=None), "moment"),
        "beijing": local_date(moment, style),
    }


def span_elsewhere(opens: time, closes: time, zone: ZoneInfo) -> str:
    """Write the park's opening hours of today on the clock of another city."""
    today = timezone.now().astimezone(BEIJING).date()
    start, end = (datetime.combine(today, at, BEIJING).astimezone(zone) for at in (opens, closes))
    hours = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    if end.date() > start.date():
        return gettext("%(start)s–%(end)s next day") % hours
    return gettext("%(start)s–%(end)s") % hours


def device(user_agent: str) -> str:
    """Name a browser and its system as people do; what is not known is shown as it came."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or user_agent[:80]


def initials(name: str) -> str:
    """Return one or two letters that stand for a person where there is no picture."""
    parts = name.split("@", maxsplit=1)[0].replace(".", " ").split()
    if not parts:
        return "?"
    return "".join(part[0] for part in (parts[0], *parts[1:][-1:])).upper()
