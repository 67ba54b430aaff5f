"""Texts that the programme words itself: a new version is added, an earlier one is never changed."""

import datetime

from django.db import IntegrityError, transaction

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved
from kumppani.notices.kinds import notify
from pairing.models import CommitmentText, ExperiencePartner, GuideText


@transaction.atomic
def publish_guide_text(
    *, kind: str, texts: dict[str, str], published_on: datetime.date, by, seen_number: int
) -> GuideText:
    """A new version of a kind, in force from `published_on`; agreements remember the version that was read.

    `texts`: language → words. `seen_number`: the newest version that the page was filled in from, 0 for none;
    `AlreadyMoved` when somebody has published another one in between.
    """
    return _publish(GuideText, kind, texts, by, seen_number, published_on=published_on)


@transaction.atomic
def publish_commitment_text(
    *, kind: str, texts: dict[str, str], required_from: datetime.date, by, seen_number: int
) -> CommitmentText:
    """A new version for the partners to accept: asked for from now on, needed from `required_from` on (R3).

    What partners have accepted before stays, and holds until that day. `texts` and `seen_number` as above.
    """
    text = _publish(
        CommitmentText, kind, texts, by, seen_number, published_on=today(), required_from=required_from
    )
    partners = User.objects.filter(partner__in=ExperiencePartner.objects.staying())
    notify(partners, role=Role.PARTNER, kind="commitment_asked", about=text)
    return text


def _publish(model: type, kind: str, texts: dict[str, str], by, seen_number: int, **days: datetime.date):
    newest = model.objects.filter(kind=kind).order_by("-number").values_list("number", flat=True).first() or 0
    if newest != seen_number:
        raise AlreadyMoved
    text = model(
        kind=kind,
        number=newest + 1,
        **days,
        **{f"text_{language}": words for language, words in texts.items()},
    )
    text.full_clean()
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError as taken:
        raise AlreadyMoved from taken  # somebody published at the same moment: the number is theirs
    record(by, Action.CREATE, text, detail=f"{kind}:{text.number}")
    return text
