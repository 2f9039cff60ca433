"""How Django itself writes dates and numbers in the two languages. Pages use the filters of ``park.pages``."""
