"""The vocabulary of tenants: every fact that a policy, a gate or an offer may ask for.

A fact is added here, with its Chinese in the catalogue, a column by a migration, and a higher ``version``.
"""

from incubation.facts.vocabulary.enterprise import ENTERPRISE
from incubation.facts.vocabulary.figures import FIGURES
from incubation.facts.vocabulary.institution import INSTITUTION
from incubation.facts.vocabulary.other import OTHER
from incubation.facts.vocabulary.park import PARK
from incubation.facts.vocabulary.passage import PASSAGE
from incubation.facts.vocabulary.project import PROJECT
from incubation.facts.vocabulary.talent import TALENT
from incubation.facts.vocabulary.tenant import TENANT
from park.rules.vocabulary import Vocabulary

TENANT_FACTS = Vocabulary(
    name="tenant",
    version=2,
    facts=(*TENANT, *ENTERPRISE, *FIGURES, *TALENT, *PROJECT, *PARK, *INSTITUTION, *OTHER, *PASSAGE),
)
