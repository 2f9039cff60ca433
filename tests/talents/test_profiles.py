"""What a person says of themselves, and what follows from it."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from talents.profiles import actions, countries
from talents.profiles.models import Consent, Talent
from talents.profiles.timeline import Gap, gaps, months_abroad
from tests.factories.accounts import make_staff, make_user
from tests.factories.profiles import make_stay, make_talent

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


def stay(began, ended=None):
    from talents.profiles.models import Stay

    return Stay(began_on=began, ended_on=ended)


def test_two_stays_at_the_same_time_count_once():
    stays = [stay(dt.date(2020, 1, 1), dt.date(2020, 12, 31)), stay(dt.date(2020, 7, 1), dt.date(2021, 6, 30))]

    assert months_abroad(stays, TODAY) == 18


def test_a_stay_that_has_not_ended_counts_until_today():
    assert months_abroad([stay(dt.date(2026, 9, 1))], TODAY) == 3


def test_a_gap_is_named_by_its_whole_months():
    stays = [stay(dt.date(2015, 9, 1), dt.date(2019, 5, 31)), stay(dt.date(2019, 9, 1), dt.date(2026, 8, 31))]

    assert gaps(stays, TODAY) == [Gap(dt.date(2019, 6, 1), dt.date(2019, 8, 31))]


def test_stays_that_follow_each_other_leave_no_gap():
    stays = [stay(dt.date(2015, 9, 1), dt.date(2019, 5, 31)), stay(dt.date(2019, 6, 1), dt.date(2020, 1, 31))]

    assert gaps(stays, TODAY) == []


def test_the_first_use_makes_a_profile_and_the_second_finds_it():
    user = make_user(name="Zhao Ming", name_zh="赵铭")

    talent = actions.talent_of(user)

    assert actions.talent_of(user) == talent
    assert (talent.name, talent.name_zh, talent.name_sort) == ("Zhao Ming", "赵铭", "zhao4 ming2")


def test_reading_a_profile_makes_none_and_saving_it_does(client):
    client.force_login(make_user(name="Zhao Ming"))

    for address in (reverse("profiles:profile"), reverse("profiles:new_stay")):
        assert client.get(address).status_code == 200
    assert not Talent.objects.exists()

    client.post(reverse("profiles:profile"), {"name": "Zhao Ming", "specialty": "Optics"})
    assert Talent.objects.get().specialty == "Optics"


def test_saving_a_profile_keeps_what_it_does_not_name_and_renames_the_person():
    talent = make_talent(name="Li", specialty="Optics")

    actions.save_profile(talent=talent, by=talent.user, name="Li Wen", name_zh="李文")

    talent.refresh_from_db()
    assert (talent.name, talent.specialty, talent.name_sort) == ("Li Wen", "Optics", "li3 wen2")
    assert talent.user.__class__.objects.get(pk=talent.user_id).name == "Li Wen"


def test_nobody_changes_the_profile_of_another():
    talent, stranger = make_talent(name="Li"), make_user()

    with pytest.raises(actions.ProfileRefused):
        actions.save_profile(talent=talent, by=stranger, name="Wang")

    talent.refresh_from_db()
    assert talent.name == "Li"


def test_a_person_cannot_give_themselves_a_talent_class():
    talent = make_talent()

    with pytest.raises(actions.ProfileRefused):
        actions.save_profile(talent=talent, by=talent.user, talent_class="A")


def test_staff_with_the_duty_may_give_a_talent_class():
    talent = make_talent()

    actions.save_profile(talent=talent, by=make_staff("profiles.change_talent"), talent_class="A")

    talent.refresh_from_db()
    assert talent.talent_class == "A"


@time_machine.travel("2026-11-22T10:00:00+08:00")
def test_a_saved_stay_says_how_long_and_from_where_a_person_came():
    talent = make_talent()
    make_stay(talent, country="DEU", began_on=dt.date(2018, 10, 1), ended_on=dt.date(2022, 9, 30))

    actions.save_stay(
        talent=talent, by=talent.user, kind="work", country="USA", place="MIT",
        began_on=dt.date(2022, 10, 1), ended_on=dt.date(2023, 9, 30),
    )  # fmt: skip

    talent.refresh_from_db()
    assert (talent.months_abroad, talent.origin) == (60, "USA")


def test_a_yes_said_twice_is_one_yes_and_a_withdrawn_one_stays_on_record():
    talent = make_talent()

    actions.give_consent(talent=talent, what="showcase", by=talent.user)
    actions.give_consent(talent=talent, what="showcase", by=talent.user)
    assert list(Talent.objects.shown_in_public()) == [talent]

    actions.withdraw_consent(talent=talent, what="showcase", by=talent.user)
    assert list(Talent.objects.shown_in_public()) == []
    assert Consent.objects.filter(talent=talent).count() == 1


def test_staff_cannot_agree_in_the_place_of_a_person():
    with pytest.raises(actions.ProfileRefused):
        actions.give_consent(talent=make_talent(), what="showcase", by=make_staff("profiles.change_talent"))


def test_regions_of_china_are_named_as_such_in_both_languages():
    with translation.override("en"):
        assert countries.name_of("TWN") == "Taiwan, China"
    with translation.override("zh-hans"):
        assert countries.name_of("HKG") == "中国香港"
        assert countries.name_of("DEU") == "德国"


def test_mainland_china_is_no_place_to_come_back_from_and_its_regions_are_no_nationality():
    assert "CHN" not in dict(countries.places())
    assert "TWN" not in dict(countries.nationalities())


# --- Pages ------------------------------------------------------------------------------------------------------------
ANSWERS = {
    "name": "Zhao Ming", "name_zh": "赵铭", "born_on_0": "9", "born_on_1": "4", "born_on_2": "1988",
    "born_on_day": "9", "born_on_month": "4", "born_on_year": "1988",
    "nationality": "CHN", "degree": "doctor", "degree_abroad": "yes", "sector": "biomedicine", "specialty": "Optics",
    "returned_on_month": "9", "returned_on_year": "2026",
}  # fmt: skip
STAY = {
    "place": "MIT", "country": "USA", "kind": "study", "what": "Doctorate", "began_on_month": "9",
    "began_on_year": "2015", "ended_on_month": "5", "ended_on_year": "2019",
}  # fmt: skip


def test_a_profile_is_filled_in_on_its_page(client):
    user = make_user()
    client.force_login(user)

    response = client.post(reverse("profiles:profile"), ANSWERS)

    assert response.status_code == 302
    talent = Talent.objects.get(user=user)
    assert (talent.name_zh, talent.born_on, talent.degree_abroad, talent.returned_on) == (
        "赵铭", dt.date(1988, 4, 9), True, dt.date(2026, 9, 1),
    )  # fmt: skip


def test_what_was_typed_is_kept_when_something_is_wrong(client):
    client.force_login(make_user())

    response = client.post(reverse("profiles:profile"), ANSWERS | {"born_on_month": "13", "specialty": "Flat lenses"})

    assert response.status_code == 422
    assert 'value="Flat lenses"' in response.text
    assert 'class="error-summary"' in response.text


def test_a_time_abroad_is_added_on_its_page(client):
    talent = make_talent()
    client.force_login(talent.user)

    response = client.post(reverse("profiles:new_stay"), STAY)

    assert response.url == reverse("profiles:profile")
    entry = talent.stays.get()
    assert (entry.began_on, entry.ended_on) == (dt.date(2015, 9, 1), dt.date(2019, 5, 31))


def test_an_end_before_the_start_is_said_in_the_words_that_were_typed(client):
    client.force_login(make_talent().user)

    response = client.post(reverse("profiles:new_stay"), STAY | {"began_on_year": "2019"})

    assert "The end is before the start. You wrote Sep 2019 to May 2019." in response.text


@pytest.mark.parametrize("month", ["", "0", "99999999999999999999", "x"])
def test_no_month_that_is_typed_breaks_the_page(client, month):
    client.force_login(make_talent().user)

    response = client.post(reverse("profiles:new_stay"), STAY | {"ended_on_month": month})

    assert response.status_code == 422


def test_the_stay_of_another_is_not_found(client):
    entry = make_stay(make_talent())
    client.force_login(make_talent().user)

    assert client.get(reverse("profiles:stay", args=[entry.pk])).status_code == 404
    assert client.post(reverse("profiles:remove_stay", args=[entry.pk])).status_code == 404


def test_the_way_back_never_leads_to_another_site(client):
    client.force_login(make_talent().user)

    response = client.post(reverse("profiles:new_stay"), STAY | {"next": "https://evil.example/"})

    assert response.url == reverse("profiles:profile")


def test_the_page_costs_the_same_for_one_stay_and_for_three(client, django_assert_max_num_queries):
    talent = make_talent()
    make_stay(talent)
    make_stay(talent, began_on=dt.date(2010, 1, 1), ended_on=dt.date(2012, 1, 31))
    make_stay(talent, began_on=dt.date(2008, 1, 1), ended_on=dt.date(2009, 1, 31))
    client.force_login(talent.user)
    client.get(reverse("profiles:profile"))

    with django_assert_max_num_queries(8):
        response = client.get(reverse("profiles:profile"))

    assert response.status_code == 200


def test_the_page_reads_in_chinese(client):
    client.force_login(make_user())
    with translation.override("zh-hans"):
        address = reverse("profiles:profile")

    assert 'lang="zh-Hans"' in client.get(address).text
