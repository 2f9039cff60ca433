"""Whether money may go to an account: whose name it carries, and whether the number can be one."""

import re
import unicodedata

from django.utils.translation import gettext as _

NUMBER = re.compile(r"[0-9]{8,32}")
SAYS_NOTHING = re.compile(r"[\s()（）,，.。·-]+")


def plain_name(name: str) -> str:
    """Return a name as two writings of it agree: widths, spaces, brackets and capitals do not count."""
    return SAYS_NOTHING.sub("", unicodedata.normalize("NFKC", name)).casefold()


def holders(tenant) -> list[str]:
    """Return the names that the account of a tenant may carry: the company's own; of a project its founder's too."""
    organisation = tenant.organisation
    names = [organisation.name_zh_hans, organisation.name_en, organisation.name]
    if tenant.enterprise_id is None and tenant.talent.user:
        names += [tenant.talent.user.name_zh, tenant.talent.user.name]
    return [name for name in dict.fromkeys(names) if name]


def is_theirs(holder: str, tenant) -> bool:
    return plain_name(holder) in {plain_name(name) for name in holders(tenant)}


def number(written: str) -> str:
    """Return an account number without the spaces people write. Raises ValueError with a sentence."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", written))
    if not NUMBER.fullmatch(digits) or len(set(digits)) == 1:
        raise ValueError(_("An account number has 8 to 32 digits and nothing else."))
    return digits
