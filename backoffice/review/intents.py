"""What a message can mean (contract, intents.md), in the contract's order, for whoever labels one."""

from __future__ import annotations

OUT_OF_SCOPE = "out_of_scope"

OTHER_GAP = "other"
"""What the guide should answer and has no topic for."""

INTENTS: tuple[str, ...] = (
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "ask_menu",
    "bot_challenge",
    "change_language",
    "stop",
    "ask_human",
    "report_emergency",
    "ask_case_status",
    "book_appointment",
    "cancel_appointment",
    "ask_privacy",
    "delete_my_data",
    "give_feedback",
    "ask_office",
    "inform",
    "out_of_scope",
    "ask_residence_permit",
    "ask_asylum",
    "ask_family_reunification",
    "ask_citizenship",
    "ask_residency_registration",
    "ask_tax_code",
    "ask_health_care",
    "ask_maternity",
    "ask_school_enrolment",
    "ask_italian_course",
    "ask_benefits",
    "ask_basic_needs",
    "ask_legal_aid",
    "ask_job_search",
    "ask_qualification_recognition",
    "ask_driving_licence",
    "search_housing",
    "ask_rental_contract",
    "report_housing_problem",
    "offer_housing",
    "register_care_worker",
    "hire_care_worker",
    "ask_care_contract",
    "ask_care_training",
    "report_work_problem",
    "skip",
)

GUIDE_INTENTS: tuple[str, ...] = INTENTS[
    INTENTS.index("ask_residence_permit") : INTENTS.index("ask_driving_licence") + 1
]
"""Those that the guide answers, in the contract's order."""

GUIDE_GAPS: tuple[str, ...] = (*GUIDE_INTENTS, OTHER_GAP)
"""What may be said of a message that the guide does not answer."""
