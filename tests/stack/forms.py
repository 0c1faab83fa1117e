"""What the people of the tests answer to each question of the two forms."""

from __future__ import annotations

import re

CASE_NUMBER = r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]\b"

HOUSING_END = "bot.housing_form_registered"
CARE_WORK_END = "bot.care_work_form_registered"

HOUSING_ANSWERS = {
    "bot.ask_municipalities": "Crema",
    "bot.ask_people": "4",
    "bot.ask_minors": "2",
    "bot.ask_rooms": "2",
    "bot.ask_budget_eur_month": "600",
    "bot.ask_move_in_from": "button:bot.button.date_now",
    "bot.ask_employment": "button:bot.button.employment_permanent",
    "bot.ask_housing_needs": "button:bot.button.skip",
    "bot.ask_person_name": "Amina",
    "bot.ask_person_phone": "button:bot.button.skip",
    "bot.ask_confirmed": "button:bot.button.confirmed_send",
}

_CARE_WORK_BUTTONS = {
    "bot.ask_more_skills": "button:bot.button.done",
    "bot.ask_skills": "button:bot.button.care_skill_dementia",
    "bot.ask_more_schedules": "button:bot.button.done",
    "bot.ask_schedules": "button:bot.button.care_schedule_live_in",
    "bot.ask_more_spoken_languages": "button:bot.button.done",
    "bot.ask_permit_allows_work": "button:bot.button.permit_allows_work_yes",
    "bot.ask_availability_from": "button:bot.button.date_now",
    "bot.ask_person_phone": "button:bot.button.skip",
    "bot.ask_confirmed": "button:bot.button.confirmed_send",
}

CARE_WORK_ANSWERS = {
    "uk": {
        **_CARE_WORK_BUTTONS,
        "bot.ask_years_experience": "5 років",
        "bot.ask_work_municipalities": "Крема",
        "bot.ask_spoken_languages": "українська та італійська",
        "bot.ask_person_name": "Оксана",
    },
    "ar": {
        **_CARE_WORK_BUTTONS,
        "bot.ask_years_experience": "خمس سنين",
        "bot.ask_work_municipalities": "كريما",
        "bot.ask_spoken_languages": "عربي وايطالي",
        "bot.ask_person_name": "فاطمة",
    },
}


def number_in(text: str) -> str:
    """Return the number of a case that a text tells."""
    found = re.search(CASE_NUMBER, text)
    assert found, text
    return found.group(0)
