"""Words of the libraries that the park says in its own way: 您 instead of 你, 验证码 instead of 代码.

Nothing reads this file but ``makemessages``: what is named here is translated by the park, and the park's word wins.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

WORDS = (
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    _("This password is too common."),
    _("The password is too similar to the %(verbose_name)s."),
    _("The email address and/or password you specified are not correct."),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Email"),
    _("Code"),
    _("Authenticator code"),
    _("Be patient, you are sending too many requests."),
    _("Too many failed login attempts. Try again later."),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("Forgot your password?"),
)

# The theme of the staff area knows no Chinese of its own.
STAFF_AREA = (
    _("Add new item"),
    _("Apply Filters"),
    _("Choose file to upload"),
    _("Click to cancel"),
    _("Click to download"),
    _("Dark"),
    _("Date from"),
    _("Date to"),
    _("Expand row"),
    _("General"),
    _("Go back"),
    _("Image preview"),
    _("Light"),
    _("Loading more results..."),
    _("More actions"),
    _("No data"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Recent searches"),
    _("Record picture"),
    _("Reset filters"),
    _("Return to site"),
    _("Search apps and models..."),
    _("Select action"),
    _("Select action to run"),
    _("Select all rows"),
    _("Select record"),
    _("Select value"),
    _("Submit"),
    _("This item will be deleted."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("Toggle password visibility"),
    _("Type to search"),
    _("Value"),
    _("Welcome"),
    _("%(full_result_count)s total"),
    ngettext_lazy("%(counter)s result", "%(counter)s results", "counter"),
)
