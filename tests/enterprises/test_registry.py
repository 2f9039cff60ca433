"""Companies: entered whole, shown as they agreed."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from enterprises.growth.models import Recognition
from enterprises.registry import actions
from enterprises.registry.models import Enterprise, Founder
from enterprises.registry.showcase import cards, publicly_readable
from park.organisations.models import Kind
from talents.profiles.actions import give_consent
from tests.factories.accounts import make_administrator, make_staff, make_user
from tests.factories.journey import make_enterprise, make_tenant
from tests.factories.organisations import make_membership, make_organisation
from tests.factories.profiles import make_talent

pytestmark = pytest.mark.django_db
CODE = "91229900MADEM00240"


def registrar():
    return make_staff("registry.add_enterprise", "registry.change_enterprise")


def test_a_company_is_entered_with_its_organisation_and_its_founders():
    founder, partner = make_talent(), make_talent()

    enterprise = actions.register_enterprise(
        by=registrar(), name_en="Helix Loom", name_zh_hans="螺旋织机", sector="biomedicine", credit_code=CODE,
        founders=[
            {"talent": founder, "share": 60, "legal_representative": True}, {"talent": partner, "share": 40},
        ],
    )  # fmt: skip

    assert (enterprise.organisation.slug, enterprise.organisation.kind) == ("helix-loom", Kind.ENTERPRISE)
    assert sorted(enterprise.founders.values_list("share", flat=True)) == [40, 60]


def test_a_project_team_becomes_the_company_and_keeps_its_members():
    team = make_organisation(kind=Kind.PROJECT)
    membership = make_membership(organisation=team)

    enterprise = actions.register_enterprise(
        by=registrar(), name_en="Helix Loom", sector="biomedicine", organisation=team
    )

    assert (enterprise.organisation, enterprise.organisation.kind) == (team, Kind.ENTERPRISE)
    assert team.memberships.get() == membership


def test_two_companies_of_one_name_get_an_address_each():
    slugs = [
        actions.register_enterprise(by=registrar(), name_en="Helix Loom", sector="biomedicine").organisation.slug
        for _ in range(3)
    ]

    assert slugs == ["helix-loom", "helix-loom-2", "helix-loom-3"]


@pytest.mark.parametrize("shares", [[60, 41], [101], [0]])
def test_founders_hold_no_more_than_the_whole(shares):
    founders = [{"talent": make_talent(), "share": share} for share in shares]

    with pytest.raises(actions.RegisterRefused):
        actions.register_enterprise(by=registrar(), name_en="Helix", sector="biomedicine", founders=founders)

    assert Enterprise.objects.count() == 0


def test_founders_are_replaced_without_passing_the_whole_on_the_way():
    enterprise, one, two = make_enterprise(), make_talent(), make_talent()
    Founder.objects.create(enterprise=enterprise, talent=one, share=90, legal_representative=True)
    Founder.objects.create(enterprise=enterprise, talent=two, share=10)

    actions.set_founders(
        enterprise=enterprise, by=registrar(),
        founders=[{"talent": one, "share": 10}, {"talent": two, "share": 90, "legal_representative": True}],
    )  # fmt: skip

    assert list(enterprise.founders.order_by("share").values_list("talent", "legal_representative")) == [
        (one.pk, False), (two.pk, True),
    ]  # fmt: skip


def test_the_database_itself_refuses_more_than_the_whole():
    enterprise = make_enterprise()
    Founder.objects.create(enterprise=enterprise, talent=make_talent(), share=60)

    with pytest.raises(IntegrityError), transaction.atomic():
        Founder.objects.create(enterprise=enterprise, talent=make_talent(), share=41)


@pytest.mark.django_db(transaction=True)
def test_two_founders_who_are_entered_at_once_do_not_exceed_the_whole():
    enterprise, talents = make_enterprise(), [make_talent(), make_talent()]
    start, refused = threading.Barrier(2), []

    def enter(talent):
        start.wait()
        try:
            with transaction.atomic():
                Founder.objects.create(enterprise=enterprise, talent=talent, share=60)
        except IntegrityError:
            refused.append(talent)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=[talent]) for talent in talents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(refused), enterprise.founders.get().share) == (1, 60)


def test_a_credit_code_is_entered_once():
    actions.register_enterprise(by=registrar(), name_en="One", sector="biomedicine", credit_code=CODE)

    with pytest.raises(actions.RegisterRefused):
        actions.register_enterprise(by=registrar(), name_en="Two", sector="biomedicine", credit_code=CODE)


def test_nobody_without_the_duty_enters_a_company():
    with pytest.raises(actions.RegisterRefused):
        actions.register_enterprise(by=make_user(), name_en="One", sector="biomedicine")


# --- What is shown ----------------------------------------------------------------------------------------------------
def shown(**fields) -> Enterprise:
    return make_enterprise(**{"public_fields": ["name"]} | fields)


def test_only_the_companys_own_people_say_what_is_shown():
    enterprise = make_enterprise()
    owner = make_membership(organisation=enterprise.organisation).user
    member = make_membership(organisation=enterprise.organisation, role="member").user

    for stranger in (member, registrar()):
        with pytest.raises(actions.RegisterRefused):
            actions.set_public_fields(enterprise=enterprise, fields=["name"], by=stranger)
    actions.set_public_fields(enterprise=enterprise, fields=["sector", "name"], by=owner)

    enterprise.refresh_from_db()
    assert enterprise.public_fields == ["name", "sector"]


def test_without_the_name_nothing_is_shown():
    enterprise = make_enterprise()
    owner = make_membership(organisation=enterprise.organisation).user

    with pytest.raises(actions.RegisterRefused):
        actions.set_public_fields(enterprise=enterprise, fields=["about"], by=owner)


def test_a_card_holds_what_was_agreed_to_and_nothing_else():
    enterprise = shown(about_en="We weave.", website="https://helix.example/")
    shown(public_fields=["name", "about"], about_en="Lenses.")
    make_enterprise()

    found = cards(publicly_readable(Enterprise.objects.order_by("pk")))

    assert found[0] == {"pk": enterprise.pk, "name": str(enterprise.organisation)}
    assert [set(card) for card in found] == [{"pk", "name"}, {"pk", "name", "about"}]


def test_a_founder_is_shown_only_if_they_agreed_themselves():
    enterprise = shown(public_fields=["name", "founders"])
    yes, no = make_talent(name="Li"), make_talent(name="Wang")
    for talent in (yes, no):
        Founder.objects.create(enterprise=enterprise, talent=talent, share=50)
    give_consent(talent=yes, what="showcase", by=yes.user)

    assert cards(publicly_readable(Enterprise.objects.all()))[0]["founders"] == ["Li"]


def test_a_title_that_has_run_out_is_not_shown():
    enterprise = shown(public_fields=["name", "recognitions"])
    for rung, until in (("hnte", dt.date(2099, 1, 1)), ("gazelle", dt.date(2020, 1, 1))):
        Recognition.objects.create(
            enterprise=enterprise, rung=rung, valid_from=dt.date(2019, 1, 1), valid_until=until
        )

    assert cards(publicly_readable(Enterprise.objects.all()))[0]["recognitions"] == ["High-tech enterprise"]


def test_the_stage_comes_from_the_floor_above():
    enterprise = shown(public_fields=["name", "stage"])
    make_tenant(stage="startup", enterprise=enterprise, organisation=enterprise.organisation)

    assert cards(publicly_readable(Enterprise.objects.all()))[0]["stage"] == "Start-up incubation"


def test_the_page_is_public_and_costs_the_same_for_one_and_for_three(client, django_assert_num_queries):
    def cost() -> int:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("registry:companies")).status_code == 200
        return len(captured)

    shown(public_fields=["name", "sector", "stage", "founders", "recognitions"])
    client.get(reverse("registry:companies"))
    one = cost()
    for _ in range(2):
        shown(public_fields=["name", "sector", "stage", "founders", "recognitions"])

    assert cost() == one
    assert one <= 6


def test_a_field_that_was_not_agreed_to_cannot_be_found_by_filtering(client):
    shown(sector="software_ai")

    response = client.get(reverse("registry:companies"), {"field": "software_ai"})

    assert response.context["cards"] == []


def test_staff_cannot_enter_founders_above_the_whole_in_the_admin(client):
    enterprise = make_enterprise()
    client.force_login(make_administrator())
    address = f"/admin/registry/enterprise/{enterprise.pk}/change/"
    page = client.get(address)
    data = {"sector": "biomedicine", "zone": "CCGX"}
    for formset in page.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    data |= {
        "founders-TOTAL_FORMS": "2", "founders-0-talent": make_talent().pk, "founders-0-share": "60",
        "founders-1-talent": make_talent().pk, "founders-1-share": "41",
    }  # fmt: skip

    response = client.post(address, data)

    assert (response.status_code, enterprise.founders.count()) == (200, 0)
    assert "come to more than 100 per cent" in response.text
