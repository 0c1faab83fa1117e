"""These tests run on both databases."""

from tests.backoffice.databases import backend as backend
