"""The fields of work that the park takes, in its own words. Data, shared by every room that speaks of a field.

Integrated circuits stand apart from optoelectronics because the state gives them a longer stay: 60 months in all, as
biomedicine and modern agriculture (科技企业孵化器管理办法, 国科发区〔2018〕300号, article on incubated companies).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    BIOMEDICINE = "biomedicine", _("Biomedicine")
    MEDICAL_DEVICES = "medical_devices", _("Medical devices")
    OPTOELECTRONICS = "optoelectronic_information", _("Optoelectronic information")
    CIRCUITS = "integrated_circuits", _("Integrated circuits")
    SOFTWARE_AI = "software_ai", _("Software and artificial intelligence")
    NEW_MATERIALS = "new_materials", _("New materials")
    EQUIPMENT = "advanced_equipment", _("Advanced equipment")
    VEHICLES = "automotive_parts_nev", _("Vehicle parts and new-energy vehicles")
    SATELLITES = "satellite_aerospace", _("Satellites and aerospace")
    ENERGY = "new_energy_environment", _("New energy and environment")
    AGRICULTURE = "modern_agriculture", _("Modern agriculture")
    SERVICES = "tech_services", _("Technology services")
