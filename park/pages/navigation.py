"""Where the frame of every page leads. Addresses are names: what is not built yet is left out, not linked dead."""

from datetime import time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

FOOTER = [
    (
        _("For you"),
        [
            (_("Apply for a place"), "intake:guide"),
            (_("Track an application"), "intake:applications"),
            (_("Check which policies fit"), "policies:check"),
            (_("Deadlines"), "policies:calendar"),
            (_("Permits through one window"), "onewindow:guide"),
        ],
    ),
    (
        _("For partners"),
        [
            (_("Institutions: the directory"), "intermediaries:directory"),
            (_("API and open data"), "api:documentation"),
        ],
    ),
    (
        _("About"),
        [
            (_("The park and its five stages"), "journey:stages"),
            (_("Service standards"), "desk:promises"),
            (_("The park in numbers"), "insight:numbers"),
            (_("Accessibility statement"), "pages:accessibility"),
            (_("Privacy and your data"), "pages:privacy"),
            (_("Could not get it done?"), "desk:stuck"),
        ],
    ),
]
HOME = "desk:home"
SEARCH = "desk:search"
HELP = "desk:help"

OPENS, CLOSES = time(8, 30), time(20, 0)
CITIES = [
    (_("Beijing"), ZoneInfo("Asia/Shanghai")),
    (_("Munich"), ZoneInfo("Europe/Berlin")),
    (_("Boston"), ZoneInfo("America/New_York")),
    (_("Sydney"), ZoneInfo("Australia/Sydney")),
]

# The account menu of everyone who is signed in.
ACCOUNT = [
    (_("Your home"), "desk:me", "home"),
    (_("Profile"), "profiles:profile", "user"),
    (_("Notices"), "notices:inbox", "bell"),
    (_("What we send you"), "notices:preferences", "mail"),
    (_("Language and time zone"), "accounts:settings", "globe"),
    (_("Sign-in and security"), "mfa_index", "key"),
]
