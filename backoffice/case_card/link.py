"""Where the code on the card leads: the chat, on the person's own telephone."""

from __future__ import annotations

import io

import segno

from backoffice.case.models import Case


def card_link(_case: Case, chat_url: str | None) -> str | None:
    """Return the address that the card's code opens; None where the chat's address is not known.

    The address is the same for everybody: who finds a lost card reads nothing with it.
    """
    return chat_url


def qr_svg(address: str) -> str:
    """Return a code as an address of an image for a page."""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2))


def qr_png(address: str) -> io.BytesIO:
    """Return a code as a picture for the PDF."""
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    return picture
