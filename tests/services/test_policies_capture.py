"""A policy captured with its source document, told apart from those it looks like, compared, and measured."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from park.files import access as file_access
from park.notices.models import Notice
from park.workflow.actions import MoveRefused
from services.interpretation import actions as interpretation
from services.policies import actions, comparing, duplicates, matching, measuring
from services.policies.actions.capturing import digest
from services.policies.models import Policy, PolicyVersion
from tests.factories.accounts import make_staff, make_user
from tests.factories.files import pdf_bytes
from tests.factories.policies import ABOUT, criterion, make_draft, make_officer, make_version, rule, staff_at_least

pytestmark = pytest.mark.django_db


def make_pdf(name: str = "notice.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes("Rent"), "application/pdf")


WORDING = {
    "title_en": "Rent for returnees", "title_zh_hans": "留学人员房租补贴办法", "summary_en": "Rent.",
    "summary_zh_hans": "房租补贴。", "rule": rule(),
}  # fmt: skip


def capture(slug: str, by=None, *, about=None, upload=None, new_because="", **wording) -> PolicyVersion:
    return actions.capture(
        slug=slug, about=ABOUT | (about or {}), wording=WORDING | wording, by=by or make_officer(), upload=upload,
        new_because=new_because,
    )  # fmt: skip


def test_the_source_document_is_kept_privately_with_its_digest(settings, tmp_path, client):
    settings.MEDIA_ROOT = tmp_path
    officer, upload = make_officer(), make_pdf()
    expected = digest(upload)

    kept = capture("rent", officer, upload=upload).source_file

    assert kept.sha256 == expected
    assert kept in file_access.readable_by(make_officer())
    assert kept not in file_access.readable_by(make_user())
    client.force_login(officer)
    version = PolicyVersion.objects.get(source_file=kept)
    assert expected in client.get(reverse("admin:policies_policyversion_change", args=[version.pk])).content.decode()


@pytest.mark.parametrize(
    ("other", "because"),
    [
        ({"about": {"document_no": "长人社 〔2026〕3 号"}, "title_en": "X", "title_zh_hans": "甲"}, "document number"),
        ({"title_en": "Something else", "title_zh_hans": "留学人员房租补贴暂行办法"}, "a title like it"),
        ({"title_en": "Rent for the returnees", "title_zh_hans": "乙"}, "a title like it"),
    ],
)
def test_what_looks_like_a_known_policy_is_not_captured_unless_somebody_says_why_it_is_another(other, because):
    first = capture("rent", about={"document_no": "长人社[2026]3号"})

    with pytest.raises(actions.DuplicateLikely, match=because) as refusal:
        capture("rent-too", **other)
    assert [each.policy for each in refusal.value.found] == [first.policy]
    assert not Policy.objects.filter(slug="rent-too").exists()

    captured = capture("rent-too", new_because="It is the district's, the other is the city's.", **other)
    assert Policy.objects.get(pk=captured.policy_id).new_because.startswith("It is the district's")


def test_the_very_same_file_is_recognised_whatever_it_is_called(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    capture("rent", upload=make_pdf("a.pdf"))

    found = duplicates.likely(sha256=digest(make_pdf("b.pdf")))

    assert [each.because for each in found] == [["the very same source document"]]


def test_an_officer_reads_on_the_form_which_policies_it_looks_like(client):
    client.force_login(make_officer())
    capture("rent")
    given = {
        **{name: value for name, value in ABOUT.items() if name != "issued_on"}, "slug": "rent-too",
        "title_en": "Rent for returnees", "title_zh_hans": "留学人员房租补贴办法", "summary_zh_hans": "房租补贴。",
    }  # fmt: skip
    url = reverse("admin:policies_policy_add")

    page = client.post(url, given)
    assert "The park may have this policy already. Rent" in page.content.decode() or "rent" in page.content.decode()
    assert not Policy.objects.filter(slug="rent-too").exists()

    client.post(url, given | {"new_because": "Another city."})
    assert Policy.objects.get(slug="rent-too").new_because == "Another city."


def test_the_document_of_a_version_that_was_sent_is_fixed(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    version = make_version()

    with pytest.raises(MoveRefused):
        actions.keep_source(version=version, upload=make_pdf(), by=make_officer())


# --- Two versions side by side ----------------------------------------------------------------------------------------
def test_two_versions_stand_side_by_side_with_what_changed_in_words_and_conditions(client):
    revenue = criterion("enterprise.revenue_cny", "gte", 1_000_000)
    first = make_version(slug="grant", title_en="Grant of 2025", rule=rule(staff_at_least(10), revenue))
    second = make_draft(
        slug="grant", title_en="Grant of 2026",
        rule=rule(staff_at_least(5), criterion("talent.degree_abroad", "is_true")),
    )  # fmt: skip

    rules = comparing.rules(first, second)
    assert [(row.what, "".join(text for text, here in row.after if here)) for row in rules] == [
        ("changed", "5"), ("added", rules[1].after[0][0]), ("removed", ""),
    ]  # fmt: skip
    title = next(row for row in comparing.words(first, second) if row.what == "changed")
    assert [text for text, here in title.before if here] == ["2025"]

    client.force_login(make_officer())
    page = client.get(reverse("admin:policies_policyversion_compare", args=[second.pk])).content.decode()
    assert "<del" in page and "Conditions: 1 new, 1 taken out, 1 changed." in page
    other_way = reverse("admin:policies_policyversion_compare", args=[first.pk])
    assert client.get(other_way, {"with": "x"}).status_code == 200
    assert client.get(reverse("admin:policies_policyversion_compare", args=[make_version().pk])).status_code == 404


# --- How long it took -------------------------------------------------------------------------------------------------
def test_the_time_from_issue_to_release_to_first_reading_is_measured(client, django_assert_max_num_queries):
    issued = dt.date(2026, 1, 5)
    version = make_version(about={"issued_on": issued})
    released = dt.datetime(2026, 1, 9, 1, tzinfo=dt.UTC)
    PolicyVersion.objects.filter(pk=version.pk).update(
        state="released", released_at=released, created_at=released, approved_at=dt.datetime(2026, 1, 20, tzinfo=dt.UTC)
    )
    for hours in (30, 5):
        Notice.objects.create(
            recipient=make_user(), kind=matching.KIND, subject_id=version.pk, version=1,
            read_at=released + dt.timedelta(hours=hours),
        )  # fmt: skip
    interpretation.say_clear(policy_version=version, voter="a", clear=True)

    pace = measuring.of([PolicyVersion.objects.select_related("policy").get(pk=version.pk)])[0]
    assert (pace.to_release, pace.to_first_read, pace.told, pace.read) == (4, 5, 2, 2)
    assert pace.handbook_due.astimezone(dt.UTC).date() == dt.date(2026, 1, 14) and pace.handbook_late

    client.force_login(make_staff("policy-officer"))
    url = reverse("admin:interpretation_measured")
    assert "From issue to release: 4 days in the middle." in client.get(url, {"late": 1}).content.decode()
    make_version(), make_draft()
    with django_assert_max_num_queries(16):
        client.get(url)
    assert timezone.now() > pace.handbook_due
