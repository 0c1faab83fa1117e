"""The application: routers of the domains, error handlers, and what lives as long as the process."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, FastAPI

from backoffice import health, templating
from backoffice.accompaniment import api as accompaniment_api
from backoffice.accompaniment import figures_api as housing_figures_api
from backoffice.accompaniment import figures_pages as housing_figures_pages
from backoffice.accompaniment import pages as accompaniment_pages
from backoffice.accompaniment import papers_pages as accompaniment_papers
from backoffice.accompaniment import search_pages as housing_search_pages
from backoffice.appointment import api as appointment_api
from backoffice.appointment import desk_pages as appointment_desk_pages
from backoffice.appointment import pages as appointment_pages
from backoffice.appointment import service_api as appointment_service_api
from backoffice.appointment.merging import move_with_people
from backoffice.audit_trail import api as audit_api
from backoffice.audit_trail import pages as audit_pages
from backoffice.care_figures import api as care_figures_service_api
from backoffice.care_match import api as care_match_api
from backoffice.care_match import pages as care_match_pages
from backoffice.care_match import request_pages as care_request_pages
from backoffice.care_match import weights_pages as care_weights_pages
from backoffice.care_match import worker_pages as care_match_worker_pages
from backoffice.care_report import pages as care_report_pages
from backoffice.care_training import api as care_training_api
from backoffice.care_training import enrolment_pages as care_enrolment_pages
from backoffice.care_training import pages as care_training_pages
from backoffice.care_worker import api as care_worker_api
from backoffice.care_worker import pages as care_worker_pages
from backoffice.care_worker import parts_api as care_worker_parts_api
from backoffice.care_worker import parts_pages as care_worker_parts_pages
from backoffice.case import answers_api as case_answers_api
from backoffice.case import answers_pages as case_answers_pages
from backoffice.case import api as case_api
from backoffice.case import bulk_pages as case_bulk_pages
from backoffice.case import pages as case_pages
from backoffice.case import people_api, plan_api, plan_pages, workload_pages
from backoffice.case_card import pages as case_card_pages
from backoffice.case_export import pages as case_export_pages
from backoffice.case_import import pages as case_import_pages
from backoffice.client.metrics import Measured
from backoffice.clock import Clock, utc_now
from backoffice.conversation import api as conversation_api
from backoffice.conversation import attachments_api as conversation_attachments
from backoffice.conversation import deliveries_api as conversation_deliveries
from backoffice.conversation import marks_pages as conversation_marks
from backoffice.conversation import pages as conversation_pages
from backoffice.conversation import service_api as conversation_service
from backoffice.conversation import turns_api as conversation_turns
from backoffice.conversation.uptime import Uptime
from backoffice.database import Database
from backoffice.directory import hsds_api, services_api
from backoffice.directory_desk import edit_pages as directory_edit_pages
from backoffice.directory_desk import file_pages as directory_file_pages
from backoffice.directory_desk import pages as directory_pages
from backoffice.directory_desk import parts_pages as directory_parts_pages
from backoffice.directory_desk import translation_pages as directory_translation_pages
from backoffice.dispatch import Dispatch
from backoffice.document import api as document_api
from backoffice.document import pages as document_pages
from backoffice.engagement import api as engagement_api
from backoffice.engagement import figures_api as care_figures_api
from backoffice.engagement import pages as engagement_pages
from backoffice.error_handlers import install_error_handlers
from backoffice.family_link import pages as family_link_pages
from backoffice.guide import api as guide_api
from backoffice.guide import files_pages as guide_files_pages
from backoffice.guide import machine_pages as guide_machine_pages
from backoffice.guide import pages as guide_pages
from backoffice.guide_chat import pages as guide_chat_pages
from backoffice.guide_report import pages as guide_report_pages
from backoffice.handoff import api as handoff_api
from backoffice.handoff import callbacks_api, callbacks_pages
from backoffice.handoff import pages as handoff_pages
from backoffice.handoff import people_api as handoff_people_api
from backoffice.handoff import people_pages as handoff_people_pages
from backoffice.handoff import service_api as handoff_service
from backoffice.handoff.waiting_room import answer_while_waiting
from backoffice.home import pages as home_pages
from backoffice.home_offer.photos import take_picture
from backoffice.housing_chat.cards import show_home
from backoffice.housing_chat.saved_search import end_on_word
from backoffice.housing_figures import api as rent_service_api
from backoffice.housing_match import api as match_api
from backoffice.housing_match import fitting_api, fitting_pages, weights_pages
from backoffice.housing_match import pages as match_pages
from backoffice.housing_report import pages as housing_report_pages
from backoffice.intake import api as intake_api
from backoffice.jobs import lifespan_of
from backoffice.limits import BodyLimit
from backoffice.listing import api as listing_api
from backoffice.listing import edit_pages as listing_edit_pages
from backoffice.listing import owner_edit_pages, owner_pages, owners_api, photo_pages
from backoffice.listing import pages as listing_pages
from backoffice.listing_import import pages as listing_import_pages
from backoffice.live import api as live_api
from backoffice.live.broker import Broker
from backoffice.live.other_processes import make_doorbell
from backoffice.live.recent import RecentEvents
from backoffice.mediation import api as mediation_api
from backoffice.mediation import coordinator_pages as mediation_coordinator_pages
from backoffice.mediation import deciding_api as mediation_deciding_api
from backoffice.mediation import mediator_pages as mediation_mediator_pages
from backoffice.mediation import pages as mediation_pages
from backoffice.mediation import report_pages as mediation_report_pages
from backoffice.mediation import roster_api as mediation_roster_api
from backoffice.mediation import roster_pages as mediation_roster_pages
from backoffice.metrics.state import registry_of
from backoffice.office import api as office_api
from backoffice.open_data import pages as open_data_pages
from backoffice.openapi import describe_errors
from backoffice.own_copy import api as own_copy_api
from backoffice.own_copy import pages as own_copy_pages
from backoffice.owner_link import pages as owner_link_pages
from backoffice.people import api as persons_api
from backoffice.people import duplicates_api, household_api, linking_api
from backoffice.people.page_routers import PAGE_ROUTERS as PERSON_PAGES
from backoffice.planning import pages as planning_pages
from backoffice.planning_files import api as planning_files_api
from backoffice.planning_files import pages as planning_files_pages
from backoffice.question import api as question_api
from backoffice.question import pages as question_pages
from backoffice.reference import pages as reference_pages
from backoffice.referral import api as referral_api
from backoffice.referral import pages as referral_pages
from backoffice.review import api as review_api
from backoffice.review import pages as review_pages
from backoffice.rights import api as rights_api
from backoffice.rights import pages as rights_pages
from backoffice.rights import paper_pages as rights_paper_pages
from backoffice.rights.choices import answer_choice
from backoffice.settings import Settings
from backoffice.staff import accounts_api, accounts_pages, link_pages, own_pages, provider_pages
from backoffice.staff import api as staff_api
from backoffice.staff import pages as staff_pages
from backoffice.translation import api as translation_api
from backoffice.translation import pages as translation_pages
from backoffice.translation.translator import Translator, make_translator
from backoffice.viewing import pages as viewing_pages
from backoffice.wall import Walled
from backoffice.workplace import case_filters_pages
from backoffice.workplace import pages as workplace_pages

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    conversation_service.router,
    conversation_turns.router,
    conversation_deliveries.router,
    conversation_attachments.router,
    conversation_api.router,
    handoff_service.router,
    handoff_api.router,
    handoff_people_api.router,
    callbacks_api.router,
    translation_api.router,
    office_api.router,
    live_api.router,
    staff_api.router,
    accounts_api.router,
    people_api.router,
    persons_api.router,
    household_api.router,
    duplicates_api.router,
    linking_api.router,
    case_api.router,
    referral_api.router,
    rights_api.router,
    own_copy_api.router,
    plan_api.router,
    accompaniment_api.router,
    housing_figures_api.router,
    engagement_api.router,
    care_figures_api.router,
    document_api.router,
    listing_api.router,
    owners_api.router,
    case_answers_api.router,
    match_api.router,
    fitting_api.router,
    care_match_api.router,
    mediation_api.router,
    mediation_deciding_api.router,
    mediation_roster_api.router,
    intake_api.router,
    question_api.router,
    guide_api.router,
    services_api.router,
    hsds_api.router,
    planning_files_api.router,
    planning_files_pages.router,
    open_data_pages.router,
    directory_edit_pages.router,
    directory_file_pages.router,
    directory_pages.router,
    directory_parts_pages.router,
    directory_translation_pages.router,
    review_api.router,
    audit_api.router,
    staff_pages.router,
    provider_pages.router,
    link_pages.router,
    own_pages.router,
    accounts_pages.router,
    home_pages.router,
    conversation_pages.router,
    conversation_marks.router,
    handoff_pages.router,
    handoff_people_pages.router,
    callbacks_pages.router,
    translation_pages.router,
    referral_pages.router,
    rights_pages.router,
    rights_paper_pages.router,
    own_copy_pages.router,
    workload_pages.router,
    case_bulk_pages.router,
    case_card_pages.router,
    accompaniment_pages.router,
    accompaniment_papers.router,
    engagement_pages.router,
    housing_search_pages.router,
    housing_figures_pages.router,
    case_pages.router,
    plan_pages.router,
    document_pages.router,
    *PERSON_PAGES,
    listing_edit_pages.router,  # before the pages whose `{listing_id}` would take `new` for an id
    listing_pages.router,
    photo_pages.router,
    owner_edit_pages.router,
    owner_pages.router,
    listing_import_pages.router,
    case_answers_pages.router,
    case_export_pages.router,
    case_import_pages.router,
    case_filters_pages.router,
    guide_pages.router,
    guide_machine_pages.router,
    guide_files_pages.router,
    guide_report_pages.router,
    review_pages.router,
    audit_pages.router,
    workplace_pages.router,
    match_pages.router,
    fitting_pages.router,
    weights_pages.router,
    question_pages.router,
    viewing_pages.router,
    appointment_service_api.router,
    appointment_api.router,
    appointment_desk_pages.router,
    appointment_pages.router,
    mediation_pages.router,
    mediation_mediator_pages.router,
    mediation_coordinator_pages.router,
    mediation_roster_pages.router,
    mediation_report_pages.router,
    rent_service_api.router,
    care_figures_service_api.router,
    housing_report_pages.router,
    owner_link_pages.router,
    family_link_pages.router,
    guide_chat_pages.router,
    care_request_pages.router,
    care_match_pages.router,
    care_weights_pages.router,
    care_match_worker_pages.router,
    reference_pages.router,
    care_training_api.router,
    care_training_pages.router,
    care_enrolment_pages.router,
    care_report_pages.router,
    care_worker_api.router,
    care_worker_parts_api.router,
    care_worker_pages.router,
    care_worker_parts_pages.router,
    planning_pages.router,
)
"""Every router; the first that fits a path answers."""


move_with_people()


_ROUTES = [route for router in ROUTERS for route in router.routes]
"""The routes themselves, not the routers included: FastAPI would make anew what each of seven hundred routes
needs, and ask each router's list for an address twice."""


def create_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    translator: Translator | None = None,
    jobs: bool = True,
) -> FastAPI:
    """Make the application. It opens nothing before its first request, or its start.

    Args:
        settings: where the data lies, and the secrets.
        clock: the present moment; a test brings its own.
        translator: of live conversations; the one of the settings unless a test brings its own.
        jobs: whether the regular jobs run (expiry of leases, renderings, cleaning up).
    """
    app = FastAPI(
        title="Sportello",
        version="1",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan_of(with_jobs=jobs),
    )
    broker = Broker()
    app.state.settings = settings
    app.state.clock = clock
    app.state.while_waiting = answer_while_waiting
    app.state.on_choice = partial(answer_choice, base_url=settings.base_url)
    app.state.on_file = take_picture
    app.state.on_words = end_on_word
    app.state.show_home = show_home
    app.state.broker = broker
    app.state.uptime = Uptime()
    app.state.translator = translator or make_translator(settings)
    app.state.doorbell = make_doorbell(settings.url, broker)
    app.state.database = Database(
        settings.url, doorbell=app.state.doorbell, secret=settings.secret, data_dir=settings.data_dir
    )
    app.state.recent_events = RecentEvents(app.state.database, broker)
    install_error_handlers(app)
    app.add_middleware(Walled)
    app.add_middleware(BodyLimit)
    templating.install(app)  # its headers are on every answer: it stands outside
    app.add_middleware(Measured, token=settings.shown_by_scrapers, own=registry_of(app.state.database, clock))
    app.routes.extend(_ROUTES)
    app.router.middleware_stack = Dispatch(app.router)
    describe_errors(app)
    return app
