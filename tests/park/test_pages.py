"""The frame and the components: what they say, and what no template may hold."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import timezone, translation

from park.pages import charts, context, matches, views, wording
from park.pages.fields import DayField, MonthField
from park.pages.languages import address_in
from tests.park import page_samples

BEIJING = ZoneInfo("Asia/Shanghai")
TEMPLATES = sorted(
    path
    for path in (settings.BASE_DIR / "templates").rglob("*.html")
    if not path.stem.endswith(("letter", "mail"))  # a mail carries its style: mail programs know no sheets
)
COMPONENTS = settings.BASE_DIR / "templates" / "components"
FORBIDDEN = re.compile(r"""\s(style|on[a-z]+)\s*=\s*["'{]|<style[\s>]|javascript:""", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE)


def ask(address="/"):
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return request


def draw(template, values, address="/policies/?page=3&q=x"):
    return template.render(values, ask(address))


# --- The house rules of templates -------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_holds_an_inline_style_or_script(path):
    words = path.read_text()

    assert FORBIDDEN.findall(words) == []
    assert INLINE_SCRIPT.findall(words) == []


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_every_component_opens_with_its_contract(path):
    assert path.read_text().startswith("{% comment %}")


def test_every_component_has_a_sample():
    asked_by_a_tag = {"chart_bar", "chart_line", "chart_donut", "chart_table", "pager"}

    assert {path.stem for path in COMPONENTS.glob("*.html")} == set(page_samples.PARTS) | asked_by_a_tag


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", page_samples.PARTS)
def test_a_component_can_be_drawn_in_both_languages(name, language):
    with translation.override(language):
        drawn = draw(get_template(f"components/{name}.html"), page_samples.PARTS[name])

    assert drawn.strip() != ""
    assert FORBIDDEN.findall(drawn) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", page_samples.TAGS)
def test_a_tag_can_be_drawn_in_both_languages(name, language):
    source, values = page_samples.TAGS[name]

    with translation.override(language):
        drawn = draw(engines["django"].from_string(source), values)

    assert drawn.strip() != ""
    assert FORBIDDEN.findall(drawn) == []


def test_what_a_person_typed_is_never_markup():
    drawn = draw(get_template("components/notice.html"), {"text": "<b>bold</b>"})

    assert "<b>bold</b>" not in drawn
    assert "&lt;b&gt;bold&lt;/b&gt;" in drawn


# --- Words ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (0, "CN¥0", "0元"),
        (2_500, "CN¥2,500", "2,500元"),
        (Decimal("1234.50"), "CN¥1,234.50", "1,234.50元"),
        (500_000, "CN¥500,000", "50万元"),
        (Decimal("2400000.00"), "CN¥2.4 million", "240万元"),
        (2_412_345, "CN¥2,412,345", "2,412,345元"),
        (41_600_000, "CN¥41.6 million", "4,160万元"),
        (312_000_000, "CN¥312 million", "3.12亿元"),
        (1_000_000_000, "CN¥1 billion", "10亿元"),
        (-80_000, "CN¥−80,000", "−8万元"),
    ],
)
def test_money_is_written_whole_in_the_units_of_the_language(amount, english, chinese):
    with translation.override("en"):
        assert wording.money(amount) == english
    with translation.override("zh-hans"):
        assert wording.money(amount) == chinese


def test_money_is_rounded_only_where_about_is_asked_for():
    with translation.override("en"):
        assert wording.money(41_612_345, "about") == "CN¥41.6 million"
    with translation.override("zh-hans"):
        assert wording.money(312_345_678, "about") == "3.12亿元"


@pytest.mark.parametrize(("ratio", "written"), [(0.12, "12%"), (Decimal("0.055"), "5.5%"), (1, "100%"), (0, "0%")])
def test_a_share_is_written_as_per_cent(ratio, written):
    assert wording.percent(ratio) == written


def test_a_deadline_shows_beijing_time_and_the_readers_own():
    with translation.override("en"), timezone.override("Europe/Berlin"):
        clocks = wording.two_clocks(page_samples.DEADLINE)

    assert clocks == {
        "here": "30 Sep 2026, 17:00 Beijing time (UTC+8)",
        "there": "11:00 in your time zone (Berlin)",
    }


def test_the_second_clock_names_the_day_where_it_differs():
    with translation.override("en"), timezone.override("America/New_York"):
        clocks = wording.two_clocks(datetime(2026, 9, 25, 9, 0, tzinfo=BEIJING))

    assert clocks["there"] == "24 Sep, 21:00 in your time zone (New York)"


def test_one_clock_is_enough_where_both_show_the_same():
    with translation.override("en"), timezone.override("Asia/Singapore"):
        assert wording.two_clocks(page_samples.DEADLINE)["there"] == ""


@pytest.mark.parametrize(
    ("style", "english", "chinese"),
    [
        ("short", "30 Sep 2026", "2026年9月30日"),
        ("long", "30 September 2026", "2026年9月30日"),
        ("weekday", "Wed 30 Sep", "9月30日（周三）"),
        ("moment", "30 Sep 2026, 17:00", "2026年9月30日17:00"),
    ],
)
def test_days_are_written_as_the_language_writes_them(style, english, chinese):
    with translation.override("en"):
        assert wording.local_date(page_samples.DEADLINE, style) == english
    with translation.override("zh-hans"):
        assert wording.local_date(page_samples.DEADLINE, style) == chinese


def test_a_moment_belongs_to_the_day_that_beijing_has():
    late_in_utc = datetime(2026, 9, 29, 20, 0, tzinfo=ZoneInfo("UTC"))

    with translation.override("en"):
        assert wording.local_date(late_in_utc) == "30 Sep 2026"


@time_machine.travel(datetime(2026, 9, 22, 12, 0, tzinfo=BEIJING))
def test_days_left_are_counted_on_the_parks_calendar():
    with translation.override("en"):
        said = [wording.days_left(date(2026, 9, 22) + timedelta(days)) for days in (-2, 0, 1, 8)]

    assert said == ["2 days ago", "today", "in 1 day", "in 8 days"]


@time_machine.travel(datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING))
def test_opening_hours_are_reckoned_for_each_city_of_today():
    with translation.override("en"):
        hours = dict(context.Frame(ask()).hours)

    assert hours == {
        "Beijing": "08:30–20:00",
        "Munich": "02:30–14:00",
        "Boston": "20:30–08:00 next day",
        "Sydney": "10:30–22:00",
    }


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([], "There are no conditions to check."),
        (["met"], "You meet the only condition."),
        (["met", "met"], "You meet all 2 conditions."),
        (["met", "not_met", "unknown"], "You meet 1 of 3 conditions. Not met: 1. Not known yet: 1."),
        (["met", "unknown"], "You meet 1 of 2 conditions. Not known yet: 1."),
        (["not_met"], "You do not meet the only condition."),
    ],
)
def test_a_match_says_its_three_numbers(states, said):
    with translation.override("en"):
        assert matches.sentence([{"state": state} for state in states]) == said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat on Android"),
        ("curl/8.5.0", "curl/8.5.0"),
    ],
)
def test_a_browser_is_named_as_people_name_it(said, shown):
    with translation.override("en"):
        assert wording.device(said) == shown


# --- The path and the charts ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("reached", "of", "stands"), [(0, 0, 50), (2, 4, 50), (2, 3, 62), (0, 3, 12), (3, 3, 88)])
def test_the_drop_stands_half_way_to_the_next_milestone(reached, of, stands):
    stage = {"state": "current", "milestones": [{"label": "", "hit": place < reached} for place in range(of)]}

    drawn = draw(engines["django"].from_string("{{ stage|path_position }}"), {"stage": stage})

    assert int(drawn) == stands


def test_a_chart_of_nothing_can_be_drawn():
    assert charts.bars([])["bars"] == []
    assert charts.slices([])["slices"] == []
    assert charts.lines([], [])["series"] == []
    assert charts.spark([]) == {}


@pytest.mark.parametrize("largest", [0, 0.5, 1, 3, 7, 9, 10, 47, 58, 99, 101, 3240, 1_000_000])
def test_the_grid_of_a_chart_reaches_its_largest_value(largest):
    steps = charts.steps_of(largest)

    assert steps[0] == 0
    assert steps[-1] >= largest
    assert len(set(steps)) == 5


# --- Forms ------------------------------------------------------------------------------------------------------------
def test_a_day_is_typed_in_three_boxes():
    assert DayField().clean(["30", "9", "2026"]) == date(2026, 9, 30)
    assert MonthField().clean(["9", "2026"]) == date(2026, 9, 1)
    assert MonthField(required=False).clean(["", ""]) is None


@pytest.mark.parametrize("boxes", [["31", "2", "2026"], ["30", "", "2026"], ["x", "9", "2026"], ["", "", ""]])
def test_a_day_that_does_not_exist_is_refused_with_a_sentence(boxes):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        DayField().clean(boxes)


def test_the_error_summary_leads_to_each_field_in_page_order():
    drawn = draw(get_template("components/error_summary.html"), {"form": page_samples.wrong()})

    assert re.findall(r'href="#([\w-]+)"', drawn) == [
        "id_email",
        "id_work_0",
        "id_since_0",
        "id_amount",
        "id_truth",
        "id_proof",
    ]
    assert "This field is required" not in drawn


def test_a_control_is_described_by_its_hint_and_its_error():
    form = page_samples.wrong()

    drawn = draw(get_template("components/field.html"), {"field": form["email"]})

    assert 'aria-describedby="id_email-hint id_email-error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert drawn.index("id_email-hint") < drawn.index('id="id_email-error"') < drawn.index("<input")


def test_every_label_belongs_to_a_control_that_exists():
    drawn = draw(get_template("components/fields.html"), {"form": page_samples.Sample()})

    labelled, present = set(re.findall(r'for="([^"]+)"', drawn)), re.findall(r'\bid="([^"]+)"', drawn)
    assert labelled - set(present) == set()
    assert len(present) == len(set(present))


# --- The frame --------------------------------------------------------------------------------------------------------
def test_a_link_to_what_is_not_built_is_left_out():
    assert context.links([("Nowhere", "nowhere:at_all"), ("Sign in", "account_login")]) == [
        {"label": "Sign in", "url": "/accounts/login/", "icon": "", "here": False}
    ]


def test_every_provider_of_the_frame_can_be_found():
    assert [name for name in settings.PAGE_CONTEXT_PROVIDERS if context.provider(name) is None] == []


def test_the_frame_asks_nothing_before_it_is_drawn(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        context.page(ask())


@pytest.mark.parametrize(
    ("here", "code", "there"),
    [
        ("/accounts/login/?next=/me/", "zh-hans", "/zh-hans/accounts/login/?next=/me/"),
        ("/zh-hans/accounts/login/", "en", "/accounts/login/"),
        ("/no-such-page/?q=1", "zh-hans", "/zh-hans/no-such-page/?q=1"),
        ("/zh-hans/no-such-page/", "en", "/no-such-page/"),
    ],
)
def test_the_language_switch_keeps_page_and_query(here, code, there):
    request = ask(here)
    request.resolver_match = None

    with translation.override("zh-hans" if here.startswith("/zh-hans/") else "en"):
        assert address_in(request, code) == there


def test_the_theme_is_kept_in_a_cookie_and_drawn_by_the_server(client, db):
    answer = client.post("/theme/", {"theme": "dark", "next": "/accounts/login/"})

    assert answer.url == "/accounts/login/"
    assert answer.cookies["theme"].value == "dark"
    assert '<html lang="en" data-theme="dark">' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_theme_switch_leads_nowhere_else(client, elsewhere):
    assert client.post("/theme/", {"theme": "dark", "next": elsewhere}).url == "/"


# --- When something is wrong ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "language", "title"),
    [("/no-such-page/", "en", "This page is not here"), ("/zh-hans/no-such-page/", "zh-Hans", "页面不存在")],
)
def test_a_page_that_is_not_there_says_so_in_the_language_of_its_address(client, db, address, language, title):
    answer = client.get(address)

    assert answer.status_code == 404
    assert re.search(r'<html lang="([^"]+)"', answer.content.decode())[1] == language
    assert f"<h1>{title}</h1>" in answer.content.decode()


def test_a_closed_page_says_who_may_open_it():
    answer = views.permission_denied(ask(), PermissionDenied("Only policy officers may release a policy."))

    assert answer.status_code == 403
    assert "Only policy officers may release a policy." in answer.content.decode()


@pytest.mark.parametrize(
    ("view", "arguments", "status"),
    [(views.bad_request, [ValueError()], 400), (views.server_error, [], 500), (views.unavailable, [], 503)],
)
def test_trouble_is_told_without_asking_the_database(view, arguments, status, db, django_assert_num_queries):
    request = RequestFactory().get("/")

    with django_assert_num_queries(0):
        answer = view(request, *arguments)

    assert answer.status_code == status
    assert "<h1>" in answer.content.decode()


def test_a_form_without_its_token_is_told_how_to_go_on(db):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})

    assert answer.status_code == 403
    assert "Open the page again, then send once more" in answer.content.decode()
