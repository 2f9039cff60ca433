"""People of the park, valid as they come."""

import datetime as dt
from itertools import count

from talents.profiles.models import Stay, Talent

from .accounts import make_user

number = count(1)


def make_talent(**fields) -> Talent:
    nth = next(number)
    name = fields.get("name", f"Talent Number{nth}")
    user = fields.pop("user") if "user" in fields else make_user(name=name)
    return Talent.objects.create(user=user, **{"name": name, "nationality": "CHN"} | fields)


def make_stay(talent: Talent, **fields) -> Stay:
    standard = {
        "kind": Stay.Kind.STUDY, "country": "DEU", "place": "TU Munich", "what": "Doctorate",
        "began_on": dt.date(2018, 10, 1), "ended_on": dt.date(2022, 9, 30),
    }  # fmt: skip
    return Stay.objects.create(talent=talent, **standard | fields)
