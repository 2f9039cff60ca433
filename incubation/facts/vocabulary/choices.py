"""Closed sets that several facts share. What lies within another place counts as that place too."""

from django.utils.translation import gettext_lazy as _

from park.rules.vocabulary import Choice

STAGES = (
    Choice("project_pre", _("Project pre-incubation")),
    Choice("enterprise_pre", _("Enterprise pre-incubation")),
    Choice("startup", _("Start-up incubation")),
    Choice("growth", _("Growth")),
    Choice("accelerated", _("Accelerated development")),
)
SECTORS = (
    Choice("biomedicine", _("Biomedicine")),
    Choice("medical_devices", _("Medical devices")),
    Choice("optoelectronic_information", _("Optoelectronics and information")),
    Choice("integrated_circuits", _("Integrated circuits")),
    Choice("software_ai", _("Software and AI")),
    Choice("new_materials", _("New materials")),
    Choice("advanced_equipment", _("Advanced equipment")),
    Choice("automotive_parts_nev", _("Car parts and new-energy vehicles")),
    Choice("satellite_aerospace", _("Satellites and aerospace")),
    Choice("new_energy_environment", _("New energy and environment")),
    Choice("modern_agriculture", _("Modern agriculture")),
    Choice("tech_services", _("Technical services")),
)
PROVINCES = (
    Choice("CN-JL", _("Jilin")),
    Choice("CN-SH", _("Shanghai")),
    Choice("CN-JS", _("Jiangsu")),
    Choice("other", _("Somewhere else")),
)
CITIES = (
    Choice("CN-JL-CC", _("Changchun")),
    Choice("CN-SH", _("Shanghai")),
    Choice("CN-JS-SZ", _("Suzhou")),
    Choice("other", _("Somewhere else")),
)
ZONES = (
    Choice("CCXQ", _("Changchun New Area")),
    Choice("CCGX", _("Changchun High-tech Zone"), "CCXQ"),
    Choice("CCBH", _("Changchun Beihu Zone"), "CCXQ"),
    Choice("CCKG", _("Changchun Airport Zone"), "CCXQ"),
    Choice("CCCD", _("Changchun Changde Zone"), "CCXQ"),
    Choice("CN-SH-YP", _("Yangpu, Shanghai")),
    Choice("CN-SH-YANGPU-BASE", _("Yangpu innovation and entrepreneurship base"), "CN-SH-YP"),
    Choice("CN-JS-SND", _("Suzhou New District")),
    Choice("CN-JS-WZ", _("Wuzhong, Suzhou")),
    Choice("other_changchun", _("Elsewhere in Changchun")),
    Choice("other", _("Somewhere else")),
)
REGIONS = (
    Choice("CN-JL", _("Jilin")),
    Choice("CN-JL-CC", _("Changchun"), "CN-JL"),
    Choice("CN-JL-CCXQ", _("Changchun New Area"), "CN-JL-CC"),
    Choice("CN-JL-CCGX", _("Changchun High-tech Zone"), "CN-JL-CCXQ"),
    Choice("CN-SH", _("Shanghai")),
    Choice("CN-SH-YP", _("Yangpu, Shanghai"), "CN-SH"),
    Choice("CN-JS", _("Jiangsu")),
    Choice("CN-JS-SZ", _("Suzhou"), "CN-JS"),
    Choice("CN-JS-SND", _("Suzhou New District"), "CN-JS-SZ"),
    Choice("CN-JS-WZ", _("Wuzhong, Suzhou"), "CN-JS-SZ"),
    Choice("other", _("Somewhere else")),
)
