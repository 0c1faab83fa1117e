import httpx
import pytest

from backoffice.client.errors import BackofficeRefused, InvalidRequest
from backoffice.client.schemas import AttachmentKind, MessageKind
from bot.webchat.limits import ATTACHMENT_LIMIT_BYTES
from tests.bot.fakes import FakeBackoffice

ID = "0b8f6c0e-8f5b-4a6e-9f53-0a9f2f1f7c11"


def file(content: bytes = b"%PDF", media_type: str = "application/pdf") -> dict[str, tuple[str, bytes, str]]:
    return {"file": ("../../permesso.pdf", content, media_type)}


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/pdf", AttachmentKind.DOCUMENT),
        ("image/jpeg", AttachmentKind.PHOTO),
        ("audio/webm;codecs=opus", AttachmentKind.VOICE),
        ("", AttachmentKind.DOCUMENT),
    ],
)
async def test_a_file_becomes_a_message_with_its_attachment(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient, media_type: str, kind: AttachmentKind
) -> None:
    answer = await citizen.post("/chat/attachments", files=file(media_type=media_type), data={"text": "ecco"})
    assert answer.status_code == 202
    (request,) = backoffice.recorded.values()
    ((content, stored),) = backoffice.attachments.values()
    assert (request.kind, request.attachment_id, request.text) == (MessageKind.ATTACHMENT, stored.id, "ecco")
    assert (content, stored.kind) == (b"%PDF", kind)
    assert answer.json()["seq"] == 1
    assert "permesso" not in repr(request)


async def test_the_same_id_again_is_one_message_and_one_file(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    for _ in range(2):
        answer = await citizen.post("/chat/attachments", files=file(), data={"id": ID})
        assert answer.json() == {"id": ID, "seq": 1}
    assert (len(backoffice.recorded), len(backoffice.attachments)) == (1, 1)


async def test_a_file_over_ten_megabytes_is_refused(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient
) -> None:
    answer = await citizen.post("/chat/attachments", files=file(b"x" * (ATTACHMENT_LIMIT_BYTES + 1)))
    assert answer.status_code == 413
    much_more = await citizen.post("/chat/attachments", files=file(b"x" * (ATTACHMENT_LIMIT_BYTES * 2)))
    assert much_more.status_code == 413
    assert backoffice.attachments == {}


async def test_what_is_no_file_is_refused(backoffice: FakeBackoffice, citizen: httpx.AsyncClient) -> None:
    refused = [
        await citizen.post("/chat/attachments", data={"file": "words"}),
        await citizen.post("/chat/attachments", files=file(b"")),
        await citizen.post("/chat/attachments", files={"other": ("a", b"x")}),
        await citizen.post("/chat/attachments", files=file(), data={"id": "no uuid"}),
        await citizen.post("/chat/attachments", files=file(), data={"text": "x" * 5000}),
        await citizen.post("/chat/attachments", json={}),
    ]
    assert {answer.status_code for answer in refused} == {422}
    two = await citizen.post("/chat/attachments", files=[("file", ("a", b"x")), ("file", ("b", b"y"))])
    assert two.status_code in {400, 422}
    assert backoffice.recorded == {}


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (BackofficeRefused(415, "Unsupported Media Type", code="file_kind_refused"), 415),
        (InvalidRequest(422, "Unprocessable Content", code="picture_unreadable"), 422),
        (InvalidRequest(422, "Unprocessable Content", code="too_many_files"), 429),
    ],
    ids=["kind", "picture", "too many"],
)
async def test_why_a_file_is_refused_reaches_the_page_as_a_status(
    backoffice: FakeBackoffice, citizen: httpx.AsyncClient, refusal: BackofficeRefused, status: int
) -> None:
    backoffice.refusals["store_attachment"] = refusal
    assert (await citizen.post("/chat/attachments", files=file())).status_code == status
    assert backoffice.recorded == {}


async def test_a_file_of_the_conversation_is_shown_but_never_run(citizen: httpx.AsyncClient) -> None:
    await citizen.post("/chat/attachments", files=file(b"<script>", "text/html"))
    await citizen.post("/chat/attachments", files=file(b"jpg", "image/jpeg"))
    page = await citizen.get("/chat/attachments/a1")
    assert page.content == b"<script>"
    assert page.headers["Content-Disposition"] == "attachment"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    photo = await citizen.get("/chat/attachments/a2")
    assert photo.headers["Content-Disposition"] == "inline"
    assert photo.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["a9", "..%2f..%2fsecret_key", "a%00"])
async def test_a_file_that_is_not_there_is_not_there(citizen: httpx.AsyncClient, name: str) -> None:
    assert (await citizen.get(f"/chat/attachments/{name}")).status_code == 404
