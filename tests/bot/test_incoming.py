import pytest

from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import AttachmentKind, Channel, IncomingRequest, MessageKind
from bot.incoming import FileNotFetched, record
from bot.messages import FileReference, IncomingMessage
from tests.bot.fakes import FakeBackoffice

PHOTO = FileReference(AttachmentKind.PHOTO, "file-1", "image/jpeg", 3)


def message(file: FileReference | None = None) -> IncomingMessage:
    kind = MessageKind.TEXT if file is None else MessageKind.ATTACHMENT
    request = IncomingRequest(
        channel=Channel.WEB, external_id="s1:1", conversation_id="conversation-1", kind=kind, text="ciao"
    )
    return IncomingMessage(request, file)


async def hand_over(_file: FileReference) -> bytes:
    return b"jpg"


async def test_a_repeated_message_is_one_message(backoffice: FakeBackoffice) -> None:
    first = await record(backoffice, message())
    again = await record(backoffice, message())
    assert (first.seq, again.seq, again.repeated) == (1, 1, True)


async def test_the_file_is_stored_before_the_message_that_names_it(backoffice: FakeBackoffice) -> None:
    await record(backoffice, message(PHOTO), fetch=hand_over)
    assert backoffice.recorded["s1:1"].attachment_id == "a1"
    backoffice.fail("record_message")
    with pytest.raises(BackofficeUnavailable):
        await record(backoffice, message(PHOTO), fetch=hand_over)
    await record(backoffice, message(PHOTO), fetch=hand_over)
    assert len(backoffice.attachments) == 1
    assert len(backoffice.recorded) == 1


async def test_without_its_file_nothing_is_stored(backoffice: FakeBackoffice) -> None:
    async def refuse(_file: FileReference) -> bytes:
        raise FileNotFetched(too_big=True)

    with pytest.raises(FileNotFetched):
        await record(backoffice, message(PHOTO), fetch=refuse)
    assert backoffice.recorded == {}
