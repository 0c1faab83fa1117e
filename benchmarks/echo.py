"""The floor of a call: a bare FastAPI route that reads a message and answers.

`python -m benchmarks.echo <port>`.
"""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Words(BaseModel):
    """What is sent: the fields of a message."""

    channel: str
    external_id: str
    conversation_id: str
    kind: str
    text: str
    language: str


def create_application() -> FastAPI:
    """Return the application with `POST /echo`."""
    app = FastAPI()

    @app.post("/echo")
    def answer(words: Words) -> dict[str, str]:
        return {"id": words.external_id, "text": words.text}

    return app


if __name__ == "__main__":
    uvicorn.run(create_application(), port=int(sys.argv[1]), log_config=None, access_log=False)
