from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.core.lock_store import InMemoryLockStore
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NoConnection

from nlu import lock_store, serve
from nlu.failures import LockStoreFailed
from nlu.lock_store import SharedLockStore, can_lock
from nlu.settings import Settings, WrongSetting, read_settings


class FakeRedis:
    """What the locks of two processes see of Redis: `SET NX PX`, and the library's three scripts."""

    def __init__(self) -> None:
        self.keys: dict[str, bytes] = {}
        self.renewals = 0
        self.renewed = asyncio.Event()
        self.away = False

    async def set(self, name: str, token: bytes, *, nx: bool, px: int) -> bool:
        assert nx
        assert px == lock_store.LIVES_SECONDS * 1000
        if self.away:
            raise NoConnection("refused")
        if name in self.keys:
            return False
        self.keys[name] = token
        return True

    async def ping(self) -> bool:
        if self.away:
            raise NoConnection("refused")
        return True

    def register_script(self, text: str) -> FakeScript:
        return FakeScript(text)


class FakeScript:
    """A script of the library: each does its part only for the token that is in the key."""

    def __init__(self, text: str) -> None:
        self._releases = "del" in text

    async def __call__(self, *, keys: list[str], args: list[bytes], client: FakeRedis) -> int:
        if client.away:
            raise NoConnection("refused")
        if client.keys.get(keys[0]) != args[0]:
            return 0
        if self._releases:
            del client.keys[keys[0]]
        else:
            client.renewals += 1
            client.renewed.set()
        return 1


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> FakeRedis:
    fake = FakeRedis()
    monkeypatch.setattr(Redis, "from_url", lambda *_args, **_more: fake)
    monkeypatch.setattr(lock_store, "RENEWED_SECONDS", 0.01)
    for script in ("lua_release", "lua_extend", "lua_reacquire"):
        monkeypatch.setattr(lock_store.Lock, script, None)
    return fake


async def test_two_processes_take_turns_of_one_conversation_one_after_the_other(redis: FakeRedis) -> None:
    at_work: list[str] = []

    async def take(name: str) -> None:
        async with SharedLockStore("redis://test").lock("c1"):
            at_work.append(f"{name} begins")
            await asyncio.sleep(0)
            at_work.append(f"{name} ends")

    await asyncio.gather(take("a"), take("b"))
    assert at_work == ["a begins", "a ends", "b begins", "b ends"]
    assert redis.keys == {}


async def test_a_long_turn_keeps_its_lock_and_other_conversations_go_on(redis: FakeRedis) -> None:
    locks = SharedLockStore("redis://test")
    async with locks.lock("c1"):
        await redis.renewed.wait()
        async with locks.lock("c2"):
            assert len(redis.keys) == 2


async def test_a_turn_whose_lock_was_lost_ends_and_leaves_the_new_holder_alone(redis: FakeRedis) -> None:
    async def take() -> None:
        async with SharedLockStore("redis://test").lock("c1"):
            redis.keys["sportello:turn:c1"] = b"another process"
            await asyncio.Event().wait()

    with pytest.raises(LockStoreFailed):
        await take()
    assert redis.keys == {"sportello:turn:c1": b"another process"}


async def test_without_redis_no_turn_begins(redis: FakeRedis) -> None:
    redis.away = True
    with pytest.raises(LockStoreFailed):
        async with SharedLockStore("redis://test").lock("c1"):
            pytest.fail("a turn began")


async def test_a_rasa_without_redis_says_that_it_is_down(redis: FakeRedis) -> None:
    locks = SharedLockStore("redis://test")
    assert await can_lock(locks)
    redis.away = True
    assert not await can_lock(locks)
    assert await can_lock(InMemoryLockStore())


async def test_a_turn_that_fails_gives_its_lock_back(redis: FakeRedis) -> None:
    async def take() -> None:
        async with SharedLockStore("redis://test").lock("c1"):
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await take()
    assert redis.keys == {}


def settings(tmp_path: Path, **more: str) -> Settings:
    return read_settings(
        {"SPORTELLO_DATA_DIR": str(tmp_path), "SPORTELLO_SERVICE_TOKEN": "token"}
        | {f"SPORTELLO_{name.upper()}": value for name, value in more.items()}
    )


def test_one_process_needs_neither_redis_nor_another_database(tmp_path: Path) -> None:
    alone = settings(tmp_path)
    assert (alone.private_host, alone.redis_url, alone.tracker_url) == ("127.0.0.1", None, None)
    assert serve._lock_store(alone) is None
    assert serve._read_endpoints(alone)["tracker_store"]["path"] == str(alone.tracker_file)


def test_several_share_their_locks_and_their_memory(tmp_path: Path) -> None:
    shared = settings(tmp_path, redis_url="redis://redis:6379", tracker_url="postgresql://r:p:@db/rasa")
    assert isinstance(serve._lock_store(shared), SharedLockStore)
    assert serve._read_endpoints(shared)["tracker_store"] == {
        "type": "nlu.tracker_store.SharedTrackerStore",
        "url": "postgresql://r:p:@db/rasa",
    }


@pytest.mark.parametrize("name", ["redis_url", "tracker_url"])
def test_a_wrong_address_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongSetting, match=f"SPORTELLO_{name.upper()} must begin with"):
        settings(tmp_path, **{name: "http://somewhere"})
