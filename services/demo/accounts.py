"""The sign-ins of the demo, under the addresses and the password that the README names."""

import datetime as dt
import hashlib
import hmac
import string
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone

from park.accounts.models import User
from park.api.models import ApiKey
from park.api.scopes import PUBLIC, READ, Scope
from park.organisations.models import Kind, Membership, Organisation, Role

PASSWORD = "returning-home-2026"  # noqa: S105  the demo runs on loopback only, and its README says so


SCENARIOS = (Scope.SCENARIOS_READ, Scope.SCENARIOS_WRITE)


@dataclass(frozen=True)
class Staff:
    address: str
    name: str
    name_zh: str
    duty: str
    who: str


STAFF = [
    Staff("intake@park.example", "Lanting Min", "澜汀敏", "intake-officer", "intake officer"),
    Staff("intake2@park.example", "Yunxiu Hai", "云岫海", "intake-officer", "intake officer"),
    Staff("chair@park.example", "Tingsong He", "汀松和", "panel-chair", "chair of the expert panel"),
    Staff("policy@park.example", "Songjia Wen", "松岬文", "policy-officer", "policy officer"),
    Staff("policy2@park.example", "Chengzhu Li", "澄渚立", "policy-officer", "policy officer"),
    Staff("services@park.example", "Jichuan An", "霁川安", "services-officer", "intermediary-service officer"),
    Staff("manager@park.example", "Shanxi Ning", "杉溪宁", "park-manager", "park manager"),
    Staff("manager2@park.example", "Fengdu Yuan", "枫渡远", "park-manager", "park manager"),
    Staff("finance@park.example", "Qiye Shu", "栖野书", "finance-officer", "finance officer"),
    Staff("finance2@park.example", "Liting Yan", "荔汀砚", "finance-officer", "finance officer"),
    Staff("window@park.example", "Weizhou Xing", "苇洲星", "window-officer", "one-window officer"),
    Staff("leader@park.example", "Baisong Jing", "柏淞景", "leadership", "leadership"),
]
KEYS = {"reader": PUBLIC, "full": READ, "expired": (Scope.POLICIES_READ,), "writer": (*SCENARIOS, Scope.POLICIES_READ)}
PEOPLE = {
    "scholar1@talent.example": "returnee: draft",
    "scholar2@talent.example": "returnee: more information asked",
    "scholar3@talent.example": "returnee: in review",
    "scholar4@talent.example": "returnee: accepted",
    "scholar5@talent.example": "returnee: not accepted",
    "tenant1@company.example": "owner of a tenant in stage 1, project pre-incubation",
    "tenant2@company.example": "owner of a tenant in stage 2, enterprise pre-incubation",
    "tenant3@company.example": "owner of a tenant in stage 3, start-up incubation",
    "tenant4@company.example": "owner of a tenant in stage 4, growth",
    "tenant5@company.example": "owner of a tenant in stage 5, accelerated development",
    "member1@company.example": "member (not owner) of the tenant in stage 5",
    "institution1@inst.example": "member of an institution",
    "institution2@inst.example": "member of an institution",
    "lapsed@inst.example": "member of an institution whose licence has lapsed",
    "partner@city.example": "partner who manages API keys",
}


def store_staff(password: str) -> dict[str, User]:
    """Store the administrator, the park's staff with their duties, and the experts; return them by address."""
    shared = {"password": password, "language": "en", "time_zone": "Asia/Shanghai"}
    users = {
        "admin@park.example": User(
            email="admin@park.example", name="Park Administrator", is_staff=True, is_superuser=True, **shared
        )
    }
    for staff in STAFF:
        users[staff.address] = User(
            email=staff.address, name=staff.name, name_zh=staff.name_zh, is_staff=True, **shared
        )
    for n in range(1, 7):
        address = f"expert{n}@panel.example"
        users[address] = User(email=address, name=f"Demo Expert {n}", name_zh=f"演示专家{n}", **shared)
    User.objects.bulk_create(users.values())
    for staff in STAFF:
        users[staff.address].groups.add(Group.objects.get(name=staff.duty))
    return users


def store_member(organisation: Organisation, address: str, name: str, role: str, password: str) -> User:
    """Store a person who acts for an organisation."""
    user = User.objects.create(email=address, name=name, password=password)
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def store_partner(password: str) -> User:
    """Store the partner city, the person who looks after its keys, and the keys."""
    city = Organisation.objects.create(
        kind=Kind.PARTNER,
        slug="partner-city",
        name="Partner city (demo)",
        name_en="Partner city (demo)",
        name_zh_hans="合作城市（演示）",
    )
    partner = store_member(city, "partner@city.example", "Demo Partner", Role.OWNER, password)
    for name, scopes in KEYS.items():
        secret = secret_of(name)
        ApiKey.objects.create(
            id=secret.partition(".")[0],
            prefix=secret.partition(".")[0],
            name=name,
            organisation=city,
            hashed_key=ApiKey.objects.key_generator.hash(secret),
            scopes=[str(scope) for scope in scopes],
            made_by=partner,
            expiry_date=timezone.now() - dt.timedelta(days=7) if name == "expired" else None,
        )
    return partner


def confirm_addresses() -> None:
    """Say of every address that its owner has confirmed it: nobody reads the mail of an invented one."""
    waiting = User.objects.filter(emailaddress=None).only("pk", "email")
    addresses = [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in waiting]
    EmailAddress.objects.bulk_create(addresses, batch_size=1000)


def secret_of(name: str) -> str:
    """Return a key of the demo. It follows from this machine's SECRET_KEY, so that it can be told again and again."""
    letters = string.ascii_letters + string.digits
    drawn = hmac.new(settings.SECRET_KEY.encode(), f"demo key {name}".encode(), hashlib.sha512).digest()
    word = "".join(letters[byte % len(letters)] for byte in drawn[:51])
    return f"{word[:8]}.{word[8:]}"


def told() -> dict:
    """Return every sign-in and key of the demo, as ``manage.py demo --json`` prints them."""
    people = {"admin@park.example": "superuser"} | {staff.address: staff.who for staff in STAFF} | PEOPLE
    people |= {f"expert{n}@panel.example": "expert" for n in range(1, 7)}
    duties = {staff.address: [staff.duty] for staff in STAFF}
    return {
        "password": PASSWORD,
        "accounts": [
            {"email": email, "password": PASSWORD, "who": who, "roles": duties.get(email, [])}
            for email, who in people.items()
        ],
        "api_keys": [
            {"name": name, "key": secret_of(name), "scopes": [str(scope) for scope in scopes]}
            for name, scopes in KEYS.items()
        ],
        "webhook_secrets": [],
    }
