"""Notices."""

import factory
from factory.django import DjangoModelFactory

from kumppani.notices.models import Notice
from tests.factories.accounts import UserFactory


class NoticeFactory(DjangoModelFactory):
    """An unread notice to a partner about a proposed pair. `about=record` names what it is about."""

    class Meta:
        model = Notice

    class Params:
        about = None

    recipient = factory.SubFactory(UserFactory)
    role = "partner"
    kind = "pair_answer"
    object_id = factory.LazyAttribute(lambda o: o.about.pk if o.about is not None else None)
