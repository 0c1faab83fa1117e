"""Keeps TensorFlow out of server and training: Rasa imports it for components that our pipeline lacks.

The server does without more: the channels, brokers and databases of others, and what only training needs.
Measured in the server: with all of it 6.2 s and 530 MB, without TensorFlow 4.4 s of processor time, 230 MB;
without all of these 2.1 s and 160 MB.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

_ABSENT: Final = frozenset({"tensorflow", "tensorflow_text", "tensorflow_hub", "keras", "jax", "matplotlib"})
# fmt: off
_CHANNELS_OF_OTHERS: Final = (
    "twilio", "aiogram", "slack_sdk", "webexteamssdk", "fbmessenger", "mattermostwrapper",
    "rocketchat_API", "socketio", "engineio", "google", "cachecontrol", "requests_toolbelt",
)
_STORES_AND_BROKERS_OF_OTHERS: Final = (
    "confluent_kafka", "aio_pika", "boto3", "botocore", "pymongo", "bson", "questionary",
    "prompt_toolkit",
)
# fmt: on
_FOR_TRAINING_ONLY: Final = ("sklearn", "joblib")
_ABSENT_IN_SERVER: Final = _ABSENT.union(
    _CHANNELS_OF_OTHERS, _STORES_AND_BROKERS_OF_OTHERS, _FOR_TRAINING_ONLY
)


class _Absent(ModuleType):
    """Stands for a module that is never used: its names exist, so that classes can be made from them."""

    __path__ = []  # noqa: RUF012  # ModuleType says so

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name[0].isupper():
            made = type(name, (), {"__module__": self.__name__})
            setattr(self, name, made)
            return made
        return importlib.import_module(f"{self.__name__}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the function that a decorator is given, else the stand-in itself."""
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else self


class _Finder(MetaPathFinder, Loader):
    def __init__(self, absent: frozenset[str]) -> None:
        self._absent = absent

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname.split(".")[0] in self._absent else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Absent(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the stand-in is empty."""


def install(*, in_server: bool = False) -> None:
    """Answer imports of what is never used with stand-ins; must come before Rasa is imported.

    Args:
        in_server: Whether this process only serves, and trains nothing.
    """
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(_ABSENT_IN_SERVER if in_server else _ABSENT))
