"""One short word for each kind of fact, so that a list of facts reads as a list."""

from decimal import Decimal
from functools import partial

from park.rules.vocabulary import Change, Fact, Type

NO, GROWS = Change.NO, Change.GROWS


def _fact(type_: Type, key: str, label: str, question: str, **more) -> Fact:
    return Fact(key, type_, label, question, **{"who": key.partition(".")[0]} | more)


flag = partial(_fact, Type.BOOLEAN)
count = partial(_fact, Type.INTEGER, minimum=Decimal(0))
measure = partial(_fact, Type.DECIMAL, minimum=Decimal(0))
ratio = partial(_fact, Type.RATIO, minimum=Decimal(0))
share = partial(_fact, Type.RATIO, minimum=Decimal(0), maximum=Decimal(1))
percentage = partial(_fact, Type.PERCENTAGE, minimum=Decimal(0), maximum=Decimal(100))
money = partial(_fact, Type.MONEY, minimum=Decimal(0))
text = partial(_fact, Type.TEXT)
choice = partial(_fact, Type.CHOICE)
