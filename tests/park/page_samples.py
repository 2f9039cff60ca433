"""Every component with things to show, as a page of the park would fill it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator

from park.pages.fields import DayField, MonthField

BEIJING = ZoneInfo("Asia/Shanghai")
DEADLINE = datetime(2026, 9, 30, 17, 0, tzinfo=BEIJING)


class Sample(forms.Form):
    """One field of each kind."""

    email = forms.EmailField(label="Email", help_text="We send the receipt here")
    passport = forms.CharField(label="Passport number", required=False)
    country = forms.ChoiceField(label="Country or region", choices=[("de", "Germany"), ("us", "United States")])
    work = forms.ChoiceField(
        label="What did you do there?", choices=[("s", "Study"), ("r", "Research post")], widget=forms.RadioSelect
    )
    channels = forms.MultipleChoiceField(
        label="How should we reach you?",
        choices=[("mail", "Email"), ("text", "Text message")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    since = DayField(label="Since when?", help_text="For example 30 9 2026")
    until = MonthField(label="Until?", required=False)
    amount = forms.DecimalField(label="Amount")
    story = forms.CharField(label="Message", max_length=500, widget=forms.Textarea)
    truth = forms.BooleanField(label="What I have written is true.", help_text="You can change it until you send.")
    proof = forms.FileField(label="Proof", help_text="PDF, JPG or PNG, up to 20 MB")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def wrong() -> Sample:
    """A form sent with mistakes: no address, and a day that does not exist."""
    return Sample({"since_0": "31", "since_1": "2", "since_2": "2026", "story": "x" * 20, "country": "us"}, {})


CRITERIA = [
    {
        "state": "not_met",
        "rule": "At least 3 people with social insurance in this city",
        "evidence": "Your company has 2",
        "source": "register",
        "source_date": date(2026, 9, 1),
        "missing": "One more person before 30 September would meet it.",
        "clause": {"label": "Article 6(2)", "url": "#a6"},
        "fix": {"label": "See who is counted", "url": "#who"},
        "correct_url": "#right",
    },
    {
        "state": "unknown",
        "rule": "You hold 30% or more of the company",
        "missing": "Your profile does not say how much of the company you own.",
        "clause": {"label": "Article 4(3)"},
        "fix": {"label": "Answer now", "url": "#answer", "effort": "Takes a minute", "also_settles": 3},
    },
    {"state": "met", "rule": "Company registered in the park", "evidence": "12 June 2026", "source": "park_record"},
    {"state": "met", "rule": "Company younger than three years", "evidence": "3 months old", "source": "register"},
]
MATCH = {
    "verdict": "may_fit",
    "checked_at": datetime(2026, 9, 22, 9, 0, tzinfo=BEIJING),
    "subject": "Helix Loom Biotech",
    "decider": "The City Talent Office",
    "criteria": CRITERIA,
}
STAGES = [
    {
        "number": 1,
        "name": "Project pre-incubation",
        "state": "done",
        "gate": "Passed 10 Mar",
        "gate_state": "open",
        "meta": "Mar – Jun 2026",
    },
    {
        "number": 2,
        "name": "Enterprise pre-incubation",
        "state": "current",
        "gate": "Passed 12 Jun",
        "gate_state": "open",
        "meta": "Since 12 June 2026",
        "url": "#stage",
        "milestones": [
            {"label": "Company registered, 12 Jun", "hit": True},
            {"label": "Desks taken, 1 Jul", "hit": True},
            {"label": "Founder’s permits", "hit": False},
            {"label": "Third insured employee", "hit": False},
        ],
    },
    {
        "number": 3,
        "name": "Start-up incubation",
        "state": "ahead",
        "gate": "Planned for Dec",
        "gate_state": "next",
        "meta": "First product and customers",
    },
    {"number": 4, "name": "Growth", "state": "ahead", "meta": "Team and funding round"},
    {"number": 5, "name": "Accelerated development", "state": "ahead", "meta": "National programmes"},
]
COUNTS = {"met": 5, "not_met": 1, "unknown": 1}
FACTS = [("You could get", "Up to CN¥500,000"), ("Closes", "30 Sep 2026, in 8 days")]
FILES = [
    {
        "name": "degree-certificate.pdf",
        "status": "checked, readable",
        "size": 1_900_000,
        "tag": "Added",
        "tone": "met",
        "url": "#f",
        "remove_url": "/remove/1/",
    },
    {"name": "visa-page.heic", "status": "", "error": "We cannot open HEIC files. Save the photo as JPG or PDF."},
]

PARTS = {
    "breadcrumbs": {"items": [("Home", "/"), ("Policies", "/policies/"), ("Start-up grant", "")]},
    "tag": {"text": "May fit", "tone": "ask", "icon": "ask"},
    "verdict_tag": {"verdict": "fits"},
    "notice": {
        "title": "Done is not sent.",
        "text": "We see nothing until you press Send.",
        "url": "#s",
        "action": "Why?",
    },
    "empty": {
        "title": "No policy matches these filters",
        "text": "Two filters exclude the most.",
        "url": "?",
        "action": "Remove those two",
    },
    "art": {},
    "ribs": {},
    "facts": {"items": FACTS, "grid": True},
    "summary_list": {
        "rows": [
            {"label": "Name", "value": "Zhao Ming (赵铭)", "url": "#n"},
            {"label": "Patents", "value": "2 granted", "note": "registry.pdf"},
        ]
    },
    "leafmeter": {"number": 3, "label": "Start-up incubation"},
    "path": {"stages": STAGES, "variant": "fold"},
    "case_steps": {
        "steps": [
            {"label": "Sent", "state": "done", "when": "8 Sep"},
            {"label": "Expert review", "state": "now", "when": "Now, since 11 Sep", "icon": "users"},
            {"label": "Decision", "state": "ahead", "when": "By 30 Oct"},
        ]
    },
    "timeline": {
        "entries": [
            {
                "title": "With three experts",
                "state": "now",
                "icon": "users",
                "text": "Two have finished.",
                "when": "Since 11 Sep",
            },
            {
                "title": "You sent the application",
                "icon": "mail",
                "moment": DEADLINE,
                "links": [("Receipt", "#r"), ("Copy", "#c")],
            },
            {"title": "A decision", "state": "ahead"},
        ]
    },
    "match": {"match": MATCH, "how_url": "#how"},
    "criterion": {"criterion": CRITERIA[0]},
    "match_bar": COUNTS | {"words": True},
    "datebox": {"day": date(2026, 9, 28), "soon": True},
    "result": {
        "title": "Start-up grant",
        "url": "/policies/start-up-grant/",
        "summary": "One payment to founders.",
        "verdict": "may_fit",
        "tags": ["City"],
        "counts": COUNTS,
        "facts": FACTS,
    },
    "feed_item": {
        "icon": "doc",
        "kind": "Policy, may fit",
        "tone": "ask",
        "title": "Start-up grant: up to CN¥500,000",
        "url": "#p",
        "because": "Because you came back this year.",
        "counts": COUNTS,
        "note": "Closes 30 Sep, in 8 days",
        "dismiss_url": "#no",
        "action": "Compare",
        "action_url": "#c",
    },
    "due_row": {
        "day": DEADLINE,
        "title": "Add the sworn translation",
        "text": "One file.",
        "url": "#a",
        "action": "Add the file",
        "soon": True,
        "primary": True,
    },
    "task_row": {
        "label": "Time abroad",
        "url": "#t",
        "hint": "Study and work",
        "status": "2 things to fix",
        "tone": "no",
        "icon": "warn",
    },
    "stepper": {"done": 4, "total": 9, "label": "4 of 9 tasks done"},
    "save_state": {"text": "Draft saved 21:14 your time"},
    "document_row": FILES[0] | {"csrf_token": "x"},
    "upload": {"field": Sample()["proof"], "files": FILES, "csrf_token": "x"},
    "field": {"field": Sample()["amount"], "unit": "CN¥", "size": "w-half"},
    "field_errors": {"field": wrong()["email"]},
    "fields": {"form": wrong()},
    "error_summary": {"form": wrong()},
    "filter_group": {
        "legend": "What you need",
        "name": "need",
        "choices": [
            {"value": "grant", "label": "Grant", "count": 14, "checked": True},
            {"value": "loan", "label": "Loan or guarantee", "count": 0},
        ],
    },
    "kpi": {
        "label": "Enterprises in the park",
        "value": "242",
        "delta": "up 9",
        "direction": "up",
        "note": "since June",
        "how_url": "#def",
        "url": "#list",
        "points": [186, 190, 204, 215, 242],
    },
    "person": {
        "name": "Li Na",
        "role": "Enterprise service",
        "note": "Usually answers within 6 hours",
        "url": "#m",
        "action": "Write a message",
    },
    "live": {"text": "11 policies may fit"},
}
TAGS = {
    "two_clocks": ("{% two_clocks moment %}", {"moment": DEADLINE}),
    "both_times": ("{% both_times moment %}", {"moment": DEADLINE}),
    "icon": ('{% icon "gate" "lg" %}', {}),
    "pager": ("{% pager page_obj %}", {"page_obj": Paginator(range(200), 10).page(7)}),
    "chart_bar": (
        '{% chart_bar "Enterprises by stage" rows subtitle="22 September 2026" ramp=True head="Stage" %}',
        {
            "rows": [
                ("1 · Project pre-incubation", 22),
                ("2 · Enterprise pre-incubation", 41, "#2"),
                ("3 · Start-up incubation", 58),
                ("4 · Growth", 44),
                ("5 · Accelerated development", 21),
            ]
        },
    ),
    "chart_line": (
        '{% chart_line "Where applications come from" labels series subtitle="Sent per quarter" '
        'finding="From abroad rose from 14 to 47" head="Quarter" %}',
        {
            "labels": ["Q1 25", "Q2 25", "Q3 25", "Q4 25", "Q1 26"],
            "series": [("From abroad", [14, 17, 26, 30, 47]), ("From within China", [20, 22, 19, 24, 22])],
        },
    ),
    "chart_donut": (
        '{% chart_donut "Where founders came back from" rows centre="23" centre_label="countries" %}',
        {"rows": [("United States", 104), ("Germany", 47), ("Japan", 37), ("20 others", 147)]},
    ),
}
