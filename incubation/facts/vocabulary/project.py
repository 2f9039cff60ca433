"""Facts about a project that may not be a company yet."""

from django.utils.translation import gettext_lazy as _

from incubation.facts.vocabulary.choices import CITIES, PROVINCES, SECTORS
from incubation.facts.vocabulary.kinds import NO, choice, count, flag, measure, money
from incubation.facts.vocabulary.units import PROJECTS, YEARS
from park.rules.vocabulary import Choice

PROJECT = (
    choice(
        "project.sector", _("Field of the project"), _("In which field is the project?"), choices=SECTORS, change=NO
    ),
    choice(
        "project.phase",
        _("Phase of the project"),
        _("Which phase is the project in?"),
        choices=(
            Choice("concept", _("Concept")),
            Choice("seed", _("Seed")),
            Choice("pilot", _("Pilot scale")),
            Choice("startup", _("Start-up")),
            Choice("industrial", _("Industrial")),
        ),
    ),
    choice(
        "project.province",
        _("Province of the project"),
        _("In which province will the project be carried out?"),
        choices=PROVINCES,
    ),
    choice(
        "project.city", _("City of the project"), _("In which city will the project be carried out?"), choices=CITIES
    ),
    flag("project.own_ip", _("Rests on IP of its own"), _("Does the project rest on IP of its own?")),
    flag(
        "project.has_ip_or_papers",
        _("Has IP rights or papers"),
        _("Does the project have IP rights or published papers?"),
    ),
    flag(
        "project.ip_statement_signed",
        _("IP statement is signed"),
        _("Is the statement signed that says who owns the IP?"),
    ),
    choice(
        "project.technology_source",
        _("Source of the technology"),
        _("Where does the technology come from?"),
        choices=(
            Choice("CAS_institute", _("Institute of the Chinese Academy of Sciences")),
            Choice("university", _("University")),
            Choice("other_institute", _("Another institute")),
            Choice("own", _("Own development")),
            Choice("abroad", _("From abroad")),
        ),
        change=NO,
    ),
    choice(
        "project.award",
        _("Competition prize"),
        _("Which prize did the project win in the competition?"),
        choices=(
            Choice("none", _("No prize")),
            Choice("excellent", _("Excellence prize")),
            Choice("third", _("Third prize")),
            Choice("second", _("Second prize")),
            Choice("first", _("First prize")),
            Choice("special", _("Special prize")),
        ),
        change=NO,
    ),
    count(
        "project.count_entered",
        _("Projects entered by one person"),
        _("How many projects does the leader enter?"),
        unit=PROJECTS,
    ),
    measure(
        "project.duration_years",
        _("Planned time of the project"),
        _("How many years will the project take?"),
        unit=YEARS,
    ),
    measure(
        "project.years_to_industrial",
        _("Time until industrial use"),
        _("In how many years will the project be in industrial use?"),
        unit=YEARS,
    ),
    money(
        "project.match_cny",
        _("Own and matched money"),
        _("How much money of your own and of partners goes into the project?"),
    ),
)
