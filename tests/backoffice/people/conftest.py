from __future__ import annotations

from tests.backoffice.databases import backend as backend
