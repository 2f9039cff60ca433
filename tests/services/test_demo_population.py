"""The drawn population keeps every total of the park, and nobody in it can be real."""

import datetime as dt
from collections import Counter

import pytest
from stdnum.cn import uscc

from services.demo.names import FAMILY, FOREIGN_FAMILY
from services.demo.population import population, spread, tables

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def park():
    return population(1999, 0, TODAY)


def test_the_park_has_335_people_from_23_countries_and_242_companies(park):
    people, companies = park

    assert (len(people), len({person.origin for person in people}), len(companies)) == (335, 23, 242)


@pytest.mark.parametrize(("field", "table"), [("gender", "gender"), ("degree", "degree"), ("role", "role")])
def test_people_are_split_as_the_table_says(park, field, table):
    people, _companies = park

    assert Counter(getattr(person, field) for person in people) == Counter(spread(tables()["talents"][table]))


def test_companies_are_split_by_field_and_stage_as_the_table_says(park):
    _people, companies = park
    table = tables()["enterprises"]["sector_by_stage"]

    drawn = Counter((company.sector, company.stage) for company in companies)

    wanted = {
        (row["sector"], stage): count
        for row in table["rows"]
        for stage, count in zip(table["columns"], row["counts"], strict=True)
        if count
    }
    assert drawn == Counter(wanted)


def test_standing_and_titles_are_split_as_the_table_says(park):
    _people, companies = park
    table = tables()["enterprises"]

    assert Counter(company.ladder for company in companies) == Counter(spread(table["ladder"]))
    for row in table["stage_by_status"]["rows"]:
        here = Counter(company.state for company in companies if company.stage == row["stage"])
        assert [here["active"], here["graduated"], here["exited"]] == row["counts"]


def test_every_company_has_a_founder_and_six_founders_run_two(park):
    people, companies = park

    founders = Counter(company.founders[0][0] for company in companies)

    assert sorted(founders.values(), reverse=True)[:7] == [2] * 6 + [1]
    assert all(people[index].role == "founder" for index in founders)
    assert all(1 <= sum(share for _, share in company.founders) <= 100 for company in companies)


def test_the_same_seed_draws_the_same_park_and_another_seed_another(park):
    assert population(1999, 0, TODAY) == park
    assert population(2000, 0, TODAY) != park


def test_nobody_can_be_real(park):
    people, companies = park
    invented = set(FAMILY) | set(FOREIGN_FAMILY)

    assert all(person.email.endswith(".example") for person in people)
    assert all(
        person.name_zh[:2] in invented if person.name_zh else person.name.split()[-1] in invented for person in people
    )
    codes = [company.credit_code for company in companies if company.credit_code]
    assert all(uscc.is_valid(code) and code[2:8] == "229900" for code in codes)
    assert len(codes) == len(set(codes))


def test_copies_of_the_park_share_no_address_and_no_code(park):
    people, companies = population(1999, 1, TODAY)

    assert not {person.email for person in people} & {person.email for person in park[0]}
    assert not {company.slug for company in companies} & {company.slug for company in park[1]}
    assert not {c.credit_code for c in companies if c.credit_code} & {c.credit_code for c in park[1]}
