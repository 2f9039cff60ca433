"""Tags and filters of the pages, built into every template. What each gives is in templates/components/README.md."""

from django import forms, template
from django.forms import BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    MultiWidget,
    RadioSelect,
    Select,
    SelectMultiple,
    Textarea,
)
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from park.pages import charts, languages, matches, wording
from park.pages.context import is_here as below

register = template.Library()

for name in ("money", "percent", "area", "months", "file_size", "local_date", "days_left", "device", "initials"):
    register.filter(name, getattr(wording, name))


register.filter("language_tag", languages.language_tag)


def request_of(context: template.Context):
    """Return the request also inside a part that was included with ``only``."""
    return getattr(context, "request", None) or context.get("request")


# --- Words and numbers ------------------------------------------------------------------------------------------------
@register.filter
def number(value) -> str:
    return wording.plain_number(value)


@register.filter
def is_here(url: str, request) -> bool:
    """Tell whether the page asked for is this address or lies below it."""
    return below(str(url), request.path)


@register.simple_tag
def two_clocks(moment, zone: bool = True) -> SafeString:
    """A deadline: Beijing time spelled out, and the reader's own time below where it differs."""
    if not moment:
        return SafeString("")
    words = wording.two_clocks(moment, zone)
    there = format_html('<span class="there">{}</span>', words["there"]) if words["there"] else ""
    return format_html(
        '<span class="two-clocks"><time class="here" datetime="{}">{}</time>{}</span>',
        moment.isoformat(),
        words["here"],
        there,
    )


@register.simple_tag
def both_times(moment) -> SafeString:
    """A moment of the past in one line, on the reader's clock and on Beijing's."""
    return (
        format_html('<time datetime="{}">{}</time>', moment.isoformat(), wording.both_times(moment)) if moment else ""
    )


# --- Pictures ---------------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the drawn set; it never stands without a word, so it is hidden from screen readers."""
    css = f"icon is-{size}" if size else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, static("brand/icons.svg"), name
    )


@register.simple_tag
def pct(part, whole) -> int:
    """How much of the whole, in whole per cent: the number of a ``pct-…`` class."""
    return round(100 * part / whole) if whole else 0


@register.filter
def path_position(stage) -> int:
    """Where the drop stands in a stage: half-way between the last milestone reached and the next."""
    if matches.get(stage, "state") == "done":
        return 100
    milestones = matches.get(stage, "milestones", [])
    if matches.get(stage, "state") != "current":
        return 0
    reached = sum(bool(matches.get(milestone, "hit")) for milestone in milestones)
    return round(100 * (reached + 0.5) / (len(milestones) + 1))


@register.filter
def times(count) -> range:
    """Something to loop over ``count`` times."""
    return range(int(count or 0))


@register.inclusion_tag("components/chart_bar.html")
def chart_bar(title, rows, subtitle="", finding="", ramp=False, head=""):
    rows = list(rows)
    return {"title": title, "subtitle": subtitle, "finding": finding, "head": head} | charts.bars(rows, ramp)


@register.inclusion_tag("components/chart_line.html")
def chart_line(title, labels, series, subtitle="", finding="", head=""):
    words = {"title": title, "subtitle": subtitle, "finding": finding, "head": head}
    return words | charts.lines(list(labels), [(name, list(values)) for name, values in series])


@register.inclusion_tag("components/chart_donut.html")
def chart_donut(title, rows, subtitle="", finding="", centre="", centre_label="", head=""):
    words = {"title": title, "subtitle": subtitle, "finding": finding, "head": head}
    return words | {"centre": centre, "centre_label": centre_label} | charts.slices(list(rows))


@register.simple_tag
def spark(points) -> dict:
    return charts.spark(list(points or []))


# --- Matches ----------------------------------------------------------------------------------------------------------
@register.simple_tag
def verdict_words(verdict) -> dict:
    """Label, tone, icon and title of a verdict."""
    return matches.VERDICTS[str(verdict)]


@register.filter
def in_state(criteria, state: str) -> list:
    return [criterion for criterion in criteria if str(matches.get(criterion, "state")) == state]


@register.filter
def match_counts(criteria) -> dict[str, int]:
    return matches.counts(criteria)


@register.filter
def match_sentence(criteria) -> str:
    return matches.sentence(criteria)


@register.simple_tag
def match_words(met, not_met, unknown) -> str:
    return matches.words(met or 0, not_met or 0, unknown or 0)


@register.filter
def source_words(source) -> str:
    return matches.source_words(source)


# --- Addresses --------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def url_in_language(context, code: str) -> str:
    """This very page in another language, query kept."""
    return languages.address_in(request_of(context), code)


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page_obj, param: str = "page"):
    """The pages of a list, each address with the query as it is but for the page."""
    query = request_of(context).GET.copy()

    def address(number: int) -> str:
        query[param] = number
        return f"?{query.urlencode()}"

    entries = [
        {"number": entry, "url": address(entry), "here": entry == page_obj.number} if isinstance(entry, int) else None
        for entry in page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page_obj": page_obj,
        "entries": entries,
        "previous": address(page_obj.previous_page_number()) if page_obj.has_previous() else "",
        "next": address(page_obj.next_page_number()) if page_obj.has_next() else "",
    }


# --- Forms ------------------------------------------------------------------------------------------------------------
@register.filter
def kind(field: BoundField) -> str:
    """Which markup a field needs: input, select, textarea, checkbox, choices, boxes or file."""
    match field.field.widget:
        case CheckboxSelectMultiple() | RadioSelect():
            return "choices"
        case Select() | SelectMultiple():
            return "select"
        case CheckboxInput():
            return "checkbox"
        case Textarea():
            return "textarea"
        case FileInput():
            return "file"
        case MultiWidget():
            return "boxes"
    return "input"


REQUIRED = {
    "choices": gettext_lazy("Choose an answer: %(label)s"),
    "select": gettext_lazy("Choose from the list: %(label)s"),
    "checkbox": gettext_lazy("Tick this to go on: %(label)s"),
    "file": gettext_lazy("Add a file: %(label)s"),
}
CONTROL_CLASS = {"input": "input", "select": "select", "textarea": "textarea", "file": "input is-file"}


def described_by(field: BoundField, counted: bool) -> str:
    """Name what describes a control, in the order in which it stands: hint, error, counter."""
    parts = [
        f"{field.auto_id}-hint" if field.help_text else "",
        f"{field.auto_id}-error" if field.errors else "",
        f"{field.auto_id}-count" if counted else "",
    ]
    return " ".join(part for part in parts if part)


@register.filter
def counts_letters(field: BoundField) -> int:
    """The most letters a long text may have, if that is worth counting; nought otherwise."""
    limit = getattr(field.field, "max_length", None) or 0
    return limit if isinstance(field.field.widget, Textarea) and limit <= 10_000 else 0


@register.simple_tag
def control(field: BoundField, size: str = "", autocomplete: str = "") -> SafeString:
    """The control itself, with its classes and with what describes it."""
    limit = counts_letters(field)
    own = field.field.widget.attrs
    css = " ".join(part for part in (own.get("class", ""), CONTROL_CLASS.get(kind(field), ""), size) if part)
    attrs = {"placeholder": False} | ({"class": css} if css else {})  # a label never hides in its control
    if described := described_by(field, bool(limit)):
        attrs["aria-describedby"] = described
    if limit:
        attrs |= {"data-max": limit, "maxlength": False}
    if autocomplete:
        attrs["autocomplete"] = autocomplete
    return field.as_widget(attrs=attrs)


@register.filter
def shows_optional(field: BoundField) -> bool:
    return not field.field.required and not isinstance(field.field.widget, CheckboxInput) and not field.field.disabled


@register.filter
def error_texts(field: BoundField) -> list[str]:
    """The errors of a field as sentences; "This field is required" says instead what to do, and names the field."""
    texts = []
    for error in field.form.errors.get(field.name, []).as_data() if field.errors else []:
        message = str(error.messages[0])
        if error.code == "required" and message == str(forms.Field.default_error_messages["required"]):
            message = REQUIRED.get(kind(field), _("Fill this in: %(label)s")) % {"label": field.label}
        texts.append(message)
    return texts


@register.simple_tag
def errors_of(form=None, forms=None) -> list[dict]:
    """Every error of one or more forms in page order, with the place where it is put right."""
    found = []
    for each in [form, *(forms or [])]:
        if not each or not getattr(each, "errors", None):
            continue
        found += [{"text": error, "href": "#main"} for error in each.non_field_errors()]
        for field in each:
            target = "main" if field.is_hidden else first_control(field)
            found += [{"text": text, "href": f"#{target}"} for text in error_texts(field)]
    return found


@register.filter
def first_control(field: BoundField) -> str:
    """The id of the control that a label or an error leads to."""
    if kind(field) in {"choices", "boxes"}:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.simple_tag
def things_to_fix(count: int) -> str:
    """The title of the error summary."""
    return ngettext("%(count)s thing to fix", "%(count)s things to fix", count) % {"count": count}
