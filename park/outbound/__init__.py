"""The one way out: every HTTP request of the portal to somebody else's server goes through ``client``."""
