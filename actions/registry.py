"""Every custom action, built with what it needs."""

from __future__ import annotations

from actions.care_notice import NoticeForm, TellNotice
from actions.care_pay import PayForm, TellPay
from actions.care_request import CareRequestForm, SubmitCareRequest
from actions.care_rights import TellCareRights
from actions.care_training import TellCareTraining
from actions.care_work import CareWorkForm, SubmitCareWork
from actions.case_status import TellCaseStatus
from actions.client import Backoffice
from actions.conversation import AskBack, AskPurpose, ChangeLanguage, HearAnswer, SayGoodbye, Stop
from actions.examples import GiveExample
from actions.handoff import RequestHuman, RequestUrgentHandoff
from actions.housing import HousingForm, SubmitHousing
from actions.linking import LinkAccount
from actions.menu import Greet, ShowMenu
from actions.offer import OfferForm, SubmitOffer
from actions.office import TellOffice
from actions.reception import DeleteMyData, RegisterNeed
from actions.rent import RentForm, TellRentFigures
from actions.services_guide import AnswerGuide
from actions.step import Clock, Step

STEPS: tuple[type[Step], ...] = (
    AnswerGuide,
    AskBack,
    AskPurpose,
    CareRequestForm,
    CareWorkForm,
    ChangeLanguage,
    DeleteMyData,
    GiveExample,
    Greet,
    HearAnswer,
    HousingForm,
    LinkAccount,
    NoticeForm,
    OfferForm,
    PayForm,
    RegisterNeed,
    RentForm,
    RequestHuman,
    RequestUrgentHandoff,
    SayGoodbye,
    ShowMenu,
    Stop,
    SubmitCareRequest,
    SubmitCareWork,
    SubmitHousing,
    SubmitOffer,
    TellCareRights,
    TellCareTraining,
    TellCaseStatus,
    TellNotice,
    TellOffice,
    TellPay,
    TellRentFigures,
)


def build_steps(backoffice: Backoffice, clock: Clock) -> list[Step]:
    """Return one of each action."""
    return [step(backoffice, clock) for step in STEPS]
