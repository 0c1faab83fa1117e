"""Courses of the care-work desk in a real Chromium at 320 px, by axe-core's rules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_training.attendance import note_day
from backoffice.care_training.models import Attendance, Course, CourseKind, CourseState, Enrolment
from backoffice.care_training.seats import accept_seat, wait_for
from backoffice.care_training.service import move_course
from backoffice.database import Database
from tests.backoffice.care import create_worker
from tests.backoffice.case.cases import create_person
from tests.backoffice.courses import create_course
from tests.backoffice.factories import NOW
from tests.backoffice.pages.office import StaffOffice
from tests.backoffice.pages.test_in_chromium import Open, _faults
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import office as office
from tests.backoffice.pages.test_in_chromium import open_as as open_as

pytestmark = pytest.mark.browser

BASE = CourseKind.BASE_160_HOURS
NAMES = ("Oksana Inventata", "رانيا مثال", "Mihaela Esempio-Popescu dal Nome Lungo")


def a_running_course(session: Session) -> Course:
    """Make a course that began two weeks ago, with hours noted on eight days."""
    course = create_course(session, seats=3)
    rows = [_on_list(session, course, name) for name in NAMES]
    for row in rows:
        accept_seat(session, row, by="x", now=NOW)
    course.starts_on = date(2026, 11, 16)
    move_course(session, course, CourseState.RUNNING, by="x", now=NOW)
    for place in range(8):
        day = course.starts_on + timedelta(days=2 * place)
        hours = {row.id: Decimal("3.5") if place % 3 else Decimal(4) for row in rows[: 3 - place % 2]}
        note_day(session, course, day, hours, by="x", now=NOW)
    return course


def _on_list(session: Session, course: Course, name: str) -> Enrolment:
    case = create_worker(session, person=create_person(session, name=name), certificates=[])
    return wait_for(session, case, course.kind, course=course, by="x", now=NOW)


def look(page: Page, url: str, path: str) -> None:
    page.goto(url + path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert _faults(page) == [], path


def test_courses_are_worked_on_at_320_px_and_by_keyboard(
    open_as: Open, office: StaffOffice, database: Database
) -> None:
    with database.transaction() as session:
        running = a_running_course(session)
        waited = create_course(session, seats=1, title="Corso base, primavera")
        rows = [_on_list(session, waited, name) for name in NAMES[:2]]
        ids = running.id, waited.id, rows[0].case_id
    page = open_as("care", viewport={"width": 320, "height": 640}, bypass_csp=True)
    worker = f"/care/workers/{ids[2]}"
    for path in (f"/care/courses/{ids[0]}", f"/care/courses/{ids[1]}", worker):
        look(page, office.url, path)
    expect(page.locator("#courses").get_by_role("link", name="Corso base, primavera")).to_be_visible()
    page.goto(f"{office.url}/care/courses/{ids[0]}?day=2026-12-01")
    page.get_by_label(NAMES[0], exact=True).focus()
    page.keyboard.type("2,5")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("presenze")
    with database.read() as session:
        noted = select(Attendance.hours).where(Attendance.day == date(2026, 12, 1))
        assert sorted(session.scalars(noted)) == [Decimal("2.50"), Decimal(4)]
