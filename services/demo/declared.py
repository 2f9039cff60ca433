"""What each tenant of the demo park has declared, or had checked: facts that registers and profiles do not give.

Some are left out on purpose: a park knows much of each tenant, never all, and *not known* must be seen.
"""

import random

from .population import Company, Person

HIGH_TECH_FIELD = {
    "biomedicine": "biology_medicine",
    "medical_devices": "biology_medicine",
    "optoelectronic_information": "electronic_information",
    "software_ai": "electronic_information",
    "new_materials": "new_materials",
    "advanced_equipment": "advanced_manufacturing",
    "automotive_parts_nev": "advanced_manufacturing",
    "satellite_aerospace": "aerospace",
    "new_energy_environment": "new_energy",
    "modern_agriculture": "resources_environment",
    "tech_services": "hightech_services",
}
MANUFACTURING = set(HIGH_TECH_FIELD) - {"software_ai", "tech_services", "modern_agriculture"}
RANK = ["none", "tech_sme", "innovative_sme", "hnte", "srdi_sme", "little_giant", "champion"]
UNKNOWN = 0.11  # the share of facts that nobody has given yet


def of_company(rng: random.Random, company: Company) -> dict[str, tuple[object, str]]:
    """Return fact key → (value, source) for a company; a project without a company has none of these."""
    if company.registered_on is None:
        return {}
    rank = RANK.index(company.ladder)
    revenue = float(company.revenue)
    rd_ratio = round(rng.uniform(0.02, 0.09) + (0.03 if rank >= 3 else 0), 3)
    facts = {
        "enterprise.headcount": (company.headcount, "register"),
        "enterprise.revenue_cny": (int(revenue), "register"),
        "enterprise.output_cny": (int(revenue * rng.uniform(0.9, 1.1)), "self"),
        "enterprise.assets_cny": (int(revenue * rng.uniform(0.6, 1.8)) + 400_000, "self"),
        "enterprise.taxable_income_cny": (int(revenue * rng.uniform(0, 0.12)), "register"),
        "enterprise.paid_in_capital_cny": (rng.choice([300, 500, 1000, 2000, 5000]) * 1000, "register"),
        "enterprise.debt_ratio": (round(rng.uniform(0.08, 0.82), 2), "self"),
        "enterprise.rd_expense_cny": (int(revenue * rd_ratio) + rng.randint(0, 9) * 50_000, "self"),
        "enterprise.rd_ratio_last_year": (rd_ratio, "self"),
        "enterprise.rd_ratio_last_2y": (round(rd_ratio * rng.uniform(0.8, 1.1), 3), "self"),
        "enterprise.rd_ratio_3y": (round(rd_ratio * rng.uniform(0.8, 1.15), 3), "staff" if rank >= 3 else "self"),
        "enterprise.rd_cost_ratio": (round(rd_ratio * rng.uniform(2, 4), 3), "self"),
        "enterprise.rd_domestic_ratio": (round(rng.uniform(0.7, 1), 2), "self"),
        "enterprise.rd_staff_ratio": (round(rng.uniform(0.15, 0.75), 2), "self"),
        "enterprise.st_staff_ratio": (round(rng.uniform(0.08, 0.6) + (0.1 if rank >= 3 else 0), 2), "self"),
        "enterprise.hightech_field": (HIGH_TECH_FIELD[company.sector], "staff"),
        "enterprise.hightech_revenue_ratio": (round(rng.uniform(0.5, 1), 2), "self"),
        "enterprise.core_ip_owned": (rng.random() < 0.85, "self"),
        "enterprise.hnte_score": (rng.randint(72, 90) if rank >= 3 else rng.randint(48, 79), "staff"),
        "enterprise.tech_sme_score": (rng.randint(64, 95) if rank >= 1 else rng.randint(40, 78), "self"),
        "enterprise.innovative_sme_score": (rng.randint(62, 92) if rank >= 2 else rng.randint(35, 72), "self"),
        "enterprise.srdi_score": (rng.randint(61, 90) if rank >= 4 else rng.randint(30, 68), "self"),
        "enterprise.niche_years": (max(0, rank + rng.randint(-1, 3)), "self"),
        "enterprise.main_revenue_ratio": (round(rng.uniform(0.55, 1), 2), "self"),
        "enterprise.main_revenue_growth_2y": (round(rng.uniform(-0.1, 0.6), 2), "self"),
        "enterprise.incident_free_1y": (rng.random() < 0.97, "register"),
        "enterprise.abnormal_list": (rng.random() < 0.02, "register"),
        "enterprise.bad_credit": (rng.random() < 0.03, "register"),
        "enterprise.restricted_sector": (False, "staff"),
        "enterprise.excluded_industry": (False, "staff"),
        "enterprise.registered_country": ("CN", "register"),
        "enterprise.province": ("CN-JL", "register"),
        "enterprise.city": ("CN-JL-CC", "register"),
        "enterprise.tax_city": ("CN-JL-CC", "register"),
        "enterprise.sector_section": ("C" if company.sector in MANUFACTURING else "I", "register"),
        "enterprise.is_sme": (company.headcount < 300, "staff"),
        "enterprise.is_small_micro": (company.headcount < 100 and revenue < 20_000_000, "staff"),
        "enterprise.legal_person": (True, "register"),
        "enterprise.sound_accounts": (rng.random() < 0.9, "self"),
        "enterprise.leased_area_m2": (company.leased_area, "staff"),
        "enterprise.lease_year": (rng.randint(1, 4), "staff"),
        "enterprise.landlord_type": (
            rng.choice(["state_platform_company", "state_platform_company", "private"]),
            "staff",
        ),
        "enterprise.new_hires_ratio": (round(rng.uniform(0, 0.3), 2), "self"),
        "enterprise.has_rd_institution": (rank >= 3 and rng.random() < 0.7, "self"),
        "enterprise.has_provincial_rd_institution": (rank >= 4 and rng.random() < 0.6, "staff"),
        "enterprise.data_authorised": (rng.random() < 0.6, "self"),
        "enterprise.technology_contract_registered": (rng.random() < 0.3, "register"),
    }
    return {key: fact for key, fact in facts.items() if rng.random() > UNKNOWN}


def of_founder(rng: random.Random, founder: Person) -> dict[str, tuple[object, str]]:
    """Return what the founder declared beside the profile."""
    facts = {
        "talent.full_time_in_jilin": (rng.random() < 0.85, "self"),
        "talent.employed": (True, "self"),
        "talent.has_startup_project": (True, "staff"),
        "talent.is_official": (False, "self"),
        "talent.criminal_record": (False, "self"),
        "talent.research_credit_ok": (rng.random() < 0.98, "self"),
        "talent.own_ip_or_core_technology": (rng.random() < 0.8, "self"),
        "talent.annual_salary_cny": (rng.randint(12, 70) * 10_000, "self"),
        "talent.related_work_years": (rng.randint(1, 22), "self"),
        "talent.years_abroad_after_degree": (rng.randint(0, 9), "self"),
        "talent.outstanding_results_5y": (founder.honoured or rng.random() < 0.3, "self"),
        "talent.prior_same_honour": (founder.honoured, "staff"),
        "talent.workplace_city": ("CN-JL-CC", "staff"),
        "talent.workplace_province": ("CN-JL", "staff"),
        "talent.workplace_zone": ("CCXQ", "staff"),
        "talent.stem": (True, "self"),
        "talent.work_points": (rng.randint(55, 105), "self"),
    }
    return {key: fact for key, fact in facts.items() if rng.random() > UNKNOWN}


def of_project(rng: random.Random, company: Company) -> dict[str, tuple[object, str]]:
    """Return what a team said of its project."""
    facts = {
        "project.sector": (company.sector, "self"),
        "project.city": ("CN-JL-CC", "self"),
        "project.province": ("CN-JL", "self"),
        "project.own_ip": (rng.random() < 0.7, "self"),
        "project.has_ip_or_papers": (rng.random() < 0.85, "self"),
        "project.ip_statement_signed": (rng.random() < 0.6, "staff"),
        "project.phase": (rng.choice(["concept", "pilot", "seed", "startup"]), "self"),
        "project.years_to_industrial": (rng.randint(1, 5), "self"),
        "project.duration_years": (rng.randint(1, 4), "self"),
    }
    return {key: fact for key, fact in facts.items() if rng.random() > UNKNOWN}
