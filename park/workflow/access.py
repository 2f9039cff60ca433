"""Who counts as the same person. Four eyes compare persons, not accounts or duties."""


def mailbox(address: str) -> str:
    """Return the mailbox of an address: small letters, without the ``+tag`` that leads to the same one."""
    local, _at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def names(user) -> tuple[str, str]:
    return " ".join(user.name.casefold().split()), "".join(user.name_zh.split())


def same_person(one, other) -> bool:
    """Tell whether two accounts are one person: the same account, mailbox, or both the same names."""
    if one.pk == other.pk or mailbox(one.email) == mailbox(other.email):
        return True
    return all(names(one)) and names(one) == names(other)
