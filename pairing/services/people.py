"""Taking in, accounts, commitments, breaks: what is done about the three people."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.accounts.services import create_user, invite
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from pairing.models import (
    Commitment,
    CommitmentText,
    ExperiencePartner,
    Parent,
    SocialWorker,
)
from training.models import Enrolment
from training.states import EnrolmentStatus


@transaction.atomic
def take_in_partner(
    *,
    enrolment: Enrolment,
    by,
    speaks: set[str],
    area: str = "",
    email: str = "",
    on: datetime.date | None = None,
) -> ExperiencePartner:
    """Open a partner's record from a completed enrolment (R3, design.md 3); a person does it, once per enrolment.

    With an address the partner gets an account and an invitation. Raises `MoveRefused` for an enrolment that is not
    completed or has been taken in already.
    """
    if enrolment.status != EnrolmentStatus.COMPLETED:
        raise MoveRefused(_("Only somebody who has completed the training can become a partner."))
    if ExperiencePartner.objects.filter(enrolment=enrolment).exists():
        raise MoveRefused(_("This person has been taken in already."))
    partner = ExperiencePartner(
        enrolment=enrolment,
        first_name=enrolment.first_name,
        last_name=enrolment.last_name,
        speaks_fi="fi" in speaks,
        speaks_sv="sv" in speaks,
        speaks_en="en" in speaks,
        area=area,
        taken_in_on=on or today(),
        taken_in_by=by.user,
    )
    if email:
        partner.user = partner_user(enrolment=enrolment, email=email, by=by)
    partner.full_clean()
    partner.save(force_insert=True)
    record(by, Action.CREATE, partner)
    return partner


def new_user(*, email: str, first_name: str, last_name: str, language: str, role: str, by) -> User:
    """A new user in this role, and the letter with the link. The address must be nobody's yet.

    The answer about a taken address is the same whoever has it: that somebody has an account is nobody's business.
    """
    if User.objects.filter(email=User.objects.normalize(email)).exists():
        raise ValidationError(
            {"email": _("This address cannot be used here. Ask the person for another one.")}
        )
    user = create_user(
        email=email, first_name=first_name, last_name=last_name, language=language, role=role, by=by
    )
    invite(user=user, by=by)
    return user


def partner_user(*, enrolment: Enrolment, email: str, by) -> User:
    """The user a partner signs in as: a new one, or a member of the staff who gets one role more (A37)."""
    user = User.objects.filter(email=User.objects.normalize(email), is_active=True).first()
    if user is not None:
        held = set(user.grants.filter(ended_at__isnull=True).values_list("role", flat=True))
        if held & {Role.STAFF, Role.TRAINER} and not ExperiencePartner.objects.filter(user=user).exists():
            user.grant_role(Role.PARTNER, by=by)
            record(by, Action.CHANGE, user, detail=f"role:{Role.PARTNER}")
            return user
    return new_user(
        email=email,
        first_name=enrolment.first_name,
        last_name=enrolment.last_name,
        language=enrolment.language,
        role=Role.PARTNER,
        by=by,
    )


@transaction.atomic
def give_partner_account(*, partner: ExperiencePartner, email: str, by) -> User:
    """An account for a partner taken in without one: the texts are accepted by own sign-in."""
    if partner.user_id is not None:
        raise MoveRefused(_("This partner has an account already."))
    if partner.has_left:
        raise MoveRefused(not_now(partner))
    partner.user = partner_user(enrolment=partner.enrolment, email=email, by=by)
    partner.save(update_fields=["user", "updated_at"])
    record(by, Action.CHANGE, partner, fields_changed=["user"])
    return partner.user


@transaction.atomic
def record_commitment(
    *, partner: ExperiencePartner, text: CommitmentText, by, on: datetime.date | None = None
) -> Commitment:
    """The partner accepts a text, the version in force or a newer one; pressing twice makes one row."""
    if not CommitmentText.objects.enough().filter(pk=text.pk).exists():
        raise MoveRefused(_("There is a newer version of this text. Read that one."))
    commitment, created = Commitment.objects.get_or_create(
        partner=partner, text=text, defaults={"made_on": on or today(), "recorded_by": by.user}
    )
    if created:
        record(by, Action.CREATE, commitment, detail=f"{text.kind}:{text.number}")
    return commitment


@transaction.atomic
def give_parent_account(*, parent: Parent, email: str, by) -> User:
    """An account for the parent, who then sees own goals and who has looked at the data. It is optional."""
    if parent.user_id is not None:
        raise MoveRefused(_("This parent has an account already."))
    user = new_user(
        email=email,
        first_name=parent.first_name,
        last_name="",
        language=parent.language,
        role=Role.PARENT,
        by=by,
    )
    parent.user = user
    parent.save(update_fields=["user", "updated_at"])
    record(by, Action.CHANGE, parent, fields_changed=["user"])
    return user


def social_worker_for(actor) -> SocialWorker:
    """The social worker's own record, made when she or he first acts: the organisation is the one of the role.

    Raises `MoveRefused` when the administrator has not said which organisation.
    """
    if actor.organisation_id is None:
        raise MoveRefused(_("Your organisation is missing. Ask the administrator to add it to your role."))
    worker, _created = SocialWorker.objects.select_related("organisation").get_or_create(
        user_id=actor.user_id, organisation_id=actor.organisation_id
    )
    return worker


def not_now(partner: ExperiencePartner) -> str:
    """The sentence for a deed that does not fit how it stands with the partner."""
    return _("This cannot be done now, because the state is “%(old)s”.") % {"old": partner.state.label}


@transaction.atomic
def set_availability(*, partner: ExperiencePartner, available: bool, by) -> None:
    """The partner takes a break, or ends it; no reason is asked (R16). Raises `MoveRefused` for one who is leaving."""
    partner = ExperiencePartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if partner.leaving_on is not None:
        raise MoveRefused(not_now(partner))
    partner.is_available = available
    partner.save(update_fields=["is_available", "updated_at"])
    record(by, Action.CHANGE, partner, fields_changed=["is_available"])
