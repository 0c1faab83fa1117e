"""Organisations, the people who work there, and their sessions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import utc_now
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText
from backoffice.staff.roles import Role


class Gender(StrEnum):
    """Whom a person would rather speak with, and who a member of staff is in that respect."""

    WOMAN = "woman"
    MAN = "man"


class Organisation(Base):
    """A public or private body whose staff work here. Exactly one runs the front door, the chat."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index(
            "uq_organisation_front_door",
            "is_front_door",
            unique=True,
            sqlite_where=text("is_front_door"),
            postgresql_where=text("is_front_door"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    is_front_door: Mapped[bool] = mapped_column(default=False)
    data_key_id: Mapped[str | None] = mapped_column(String(36))


class Unit(Base):
    """A part of an organisation with its municipalities, such as one of the six sub-districts."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    municipalities: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Italian names of the municipalities that it looks after."""


class Staff(Base):
    """A person who works for one organisation and signs in. `email` is kept in lower case."""

    __tablename__ = "staff"
    __sealed_by__ = "organisation_id"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    role_names: Mapped[list[str]] = mapped_column("roles", JSON, default=list)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    """ISO 639-1 codes of the languages that the person works in."""
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Intents of the guide that the person knows best; empty: all alike."""
    gender: Mapped[Gender | None] = mapped_column(enum_column(Gender, "staff_gender"))
    """Only so that a wish for a woman or a man can be respected; may stay empty."""
    active: Mapped[bool] = mapped_column(default=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")

    @property
    def asks_at(self) -> datetime:
        """The moment at which the person asks: that of the request; outside of one, the present.

        Rights that end by the minute are decided against it, so that no question for a right forgets it.
        """
        moment: datetime | None = self.__dict__.get("_asks_at")
        return moment or utc_now()

    @asks_at.setter
    def asks_at(self, moment: datetime) -> None:
        self.__dict__["_asks_at"] = moment

    @property
    def roles(self) -> frozenset[Role]:
        """The roles, parsed."""
        return frozenset(Role(name) for name in self.role_names)

    @roles.setter
    def roles(self, roles: frozenset[Role]) -> None:
        self.role_names = sorted(role.value for role in roles)

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the person has any of these roles."""
        return bool(self.roles & set(roles))

    @property
    def is_assignable(self) -> bool:
        """Whether the person can be made responsible for a case."""
        return self.has_role(Role.CASEWORKER, Role.COORDINATOR, Role.HOUSING_DESK, Role.CARE_DESK)

    @property
    def first_name(self) -> str:
        """What a citizen is told of the name."""
        return self.name.split(" ", 1)[0]


class StaffSession(Base):
    """One sign-in, of a browser or a program. Only the SHA-256 of its 256-bit token is stored."""

    __tablename__ = "staff_session"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """The kind of browser and system, coarsely: `Firefox, Windows`."""


class SignInFailure(Base):
    """Failed sign-ins of one account from one address; `key` is a SHA-256 of both. Gone after a success."""

    __tablename__ = "sign_in_failure"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SecondFactor(Base):
    """A person's authenticator app (TOTP, RFC 6238). It counts from its first right code on."""

    __tablename__ = "second_factor"
    __sealed_by__ = "organisation_id"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    secret: Mapped[str] = mapped_column(SealedText)
    """Base32, 160 bits."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_counter: Mapped[int] = mapped_column(BigInteger, default=0)
    """The newest step of 30 s whose code was used: neither it nor an older one works again."""
    tries: Mapped[int] = mapped_column(default=0)
    tries_since: Mapped[datetime] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code for who has lost the app; works once. 80 random bits, so a plain SHA-256 keeps them."""

    __tablename__ = "recovery_code"

    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)


class SignInStep(Base):
    """A sign-in whose password was right and whose second factor is still awaited; ends after ten minutes."""

    __tablename__ = "sign_in_step"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkKind(StrEnum):
    """What a link in a mail is for."""

    INVITATION = "invitation"
    RESET = "reset"


class AccountLink(Base):
    """A link that was sent by mail to set a password; works once. Only the SHA-256 of its token is stored."""

    __tablename__ = "account_link"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    kind: Mapped[LinkKind] = mapped_column(enum_column(LinkKind, "account_link_kind"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProviderSignIn(Base):
    """A sign-in that was begun at an OpenID provider and has not come back; ends after ten minutes."""

    __tablename__ = "provider_sign_in"

    state_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    code_verifier: Mapped[str] = mapped_column(String(128))
    next_path: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
