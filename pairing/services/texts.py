"""Texts that the programme words itself: a new version is added, an earlier one is never changed."""

import datetime

from django.db import IntegrityError, transaction

from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import AlreadyMoved
from pairing.models import GuideText


@transaction.atomic
def publish_guide_text(
    *, kind: str, texts: dict[str, str], published_on: datetime.date, by, seen_number: int
) -> GuideText:
    """A new version of a kind, in force from `published_on`; agreements remember the version that was read.

    `texts`: language → words. `seen_number`: the newest version that the page was filled in from, 0 for none;
    `AlreadyMoved` when somebody has published another one in between.
    """
    newest = (
        GuideText.objects.filter(kind=kind).order_by("-number").values_list("number", flat=True).first() or 0
    )
    if newest != seen_number:
        raise AlreadyMoved
    text = GuideText(
        kind=kind,
        number=newest + 1,
        published_on=published_on,
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
