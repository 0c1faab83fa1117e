"""What can go wrong with further questions and their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from backoffice.errors import BackofficeError, Conflict, NotFound

if TYPE_CHECKING:
    from backoffice.question.questions import Fault


class QuestionSetNotFound(NotFound):
    """There is no such version in the caller's organisation."""

    def __init__(self) -> None:
        super().__init__("error.question_set_not_found")


class NoDraft(Conflict):
    """The version is published: what is to be changed needs a new one."""

    def __init__(self) -> None:
        super().__init__("error.question_no_draft", way_out="error.question_no_draft.way_out")


class QuestionRefused(BackofficeError):
    """A question cannot be kept so; its writer gets it back with the reason."""

    status = 422


class BadQuestionCode(QuestionRefused):
    """A code that is not small letters, digits and single underscores, at most 40, or a wrong number."""

    def __init__(self) -> None:
        super().__init__("error.question_bad_code")


class QuestionCodeTaken(QuestionRefused):
    """The code is, or once was, another question's of this type."""

    status = 409

    def __init__(self, code: str) -> None:
        super().__init__("error.question_code_taken", code=code)


class TooManyQuestions(QuestionRefused):
    """More questions or options than anybody answers."""

    def __init__(self) -> None:
        super().__init__("error.question_too_many")


class SchemaRefused(QuestionRefused):
    """The schema of the answers is none, refers to another document, or is too large."""

    def __init__(self) -> None:
        super().__init__("error.question_schema_refused")


class NotReady(QuestionRefused):
    """The version has gaps; `faults` lists every one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("error.question_not_ready", count=str(len(faults)))
        self.faults = tuple(faults)


class AnswersRefused(BackofficeError):
    """Answers do not fit the version that they were made with; `wrong` says which and how."""

    status = 422

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("error.answers_refused", questions=", ".join(sorted(wrong)))
        self.wrong = dict(wrong)


class AnswersChanged(Conflict):
    """Somebody else answered in the meantime."""

    def __init__(self) -> None:
        super().__init__("error.answers_changed", way_out="error.answers_changed.way_out")


class BadTextsFile(QuestionRefused):
    """A table of texts that is none, is too large, or speaks of other questions."""

    def __init__(self) -> None:
        super().__init__("error.question_bad_file")
