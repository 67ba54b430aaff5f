"""Worries: that something was done is kept, what it was about is not (R11, domain 2.7)."""

import pytest
from django.db import DatabaseError, IntegrityError, models, transaction
from django.urls import reverse
from django.utils import translation

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.notices.models import Notice
from kumppani.privacy.selectors import in_words, uses_of_own_data
from pairing import services
from pairing.models import ConcernRecord, Incident
from tests.factories.pairing import (
    ConcernRecordFactory,
    ContactPointFactory,
    IncidentFactory,
    relationship_in,
)

pytestmark = pytest.mark.django_db


def saved(person, url_name: str, *args, **words):
    """Open the form as this person, fill it, send it, and return the answer."""
    client = person.client()
    url = reverse(url_name, args=args)
    page = client.get(url)
    return client.post(url, {"submission": page.context["form"]["submission"].value(), **words}, follow=True)


# --- the record that it was done ---------------------------------------------------------------------------
def test_there_is_no_field_for_what_a_worry_is_about():
    words = [
        field.name
        for field in ConcernRecord._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]
    assert words == []


def test_a_partner_records_that_a_notification_was_made_and_the_staff_hear_of_it(people):
    point = people.common.contact_point
    before = ConcernRecord.objects.count()
    answer = saved(
        people.partner,
        "concern_record",
        people.own.active.pk,
        made="yes",
        done_on=today().isoformat(),
        done_at="00:00",
        contact_point=point.pk,
        channel="phone",
        family_told="on",
    )
    assert answer.status_code == 200
    assert ConcernRecord.objects.count() == before + 1
    record = ConcernRecord.objects.latest("created_at")
    assert (record.notification_made, record.contact_point, record.channel, record.family_told) == (
        True,
        point,
        "phone",
        True,
    )
    assert set(Notice.objects.filter(kind="concern_recorded").values_list("recipient_id", flat=True)) >= {
        people.staff.user.pk,
        people.other_staff.user.pk,
    }


def test_a_notification_that_was_made_names_county_and_way(people):
    answer = saved(
        people.partner,
        "concern_record",
        people.own.active.pk,
        made="yes",
        done_on=today().isoformat(),
        done_at="00:00",
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"contact_point", "channel"}


def test_what_has_not_happened_yet_is_not_recorded(people):
    answer = saved(
        people.partner,
        "concern_record",
        people.own.active.pk,
        made="no",
        done_on="2999-01-01",
        done_at="12:00",
    )
    assert set(answer.context["form"].errors) == {"done_on"}


def test_a_time_that_does_not_exist_in_the_spring_night_is_told(people):
    answer = saved(
        people.partner,
        "concern_record",
        people.own.active.pk,
        made="no",
        done_on="2026-03-29",
        done_at="03:30",
    )
    assert set(answer.context["form"].errors) == {"done_at"}


def test_none_made_after_talking_it_over_keeps_no_county():
    relationship = relationship_in("active")
    record = ConcernRecordFactory(
        relationship=relationship, notification_made=False, contact_point=None, channel=""
    )
    assert record.pk
    with pytest.raises(IntegrityError, match="concern_made_says_where"), transaction.atomic():
        ConcernRecordFactory(relationship=relationship, notification_made=False)
    with pytest.raises(IntegrityError, match="concern_made_says_where"), transaction.atomic():
        ConcernRecordFactory(relationship=relationship, channel="")


def test_the_partner_sees_the_own_record_and_not_the_social_workers(people):
    theirs = ConcernRecordFactory(relationship=people.own.active, recorded_by=people.worker.user)
    mine = people.own.concern
    assert list(ConcernRecord.objects.visible_to(people.partner.actor)) == [mine]
    assert set(ConcernRecord.objects.visible_to(people.worker.actor)) == {mine, theirs}
    assert list(ConcernRecord.objects.visible_to(people.parent.actor)) == []


def test_the_parents_log_does_not_say_that_a_notification_was_made(people):
    services.record_concern(
        relationship=people.own.active,
        by=people.partner.actor,
        notification_made=True,
        done_at=people.own.concern.done_at,
        contact_point=ContactPointFactory(),
        channel="visit",
    )
    rows = uses_of_own_data(people.parent.actor).filter(object_kind="pairing.concernrecord")
    assert rows.count() == 1
    with translation.override("en"):
        assert [look.what for look in in_words(rows, role="parent")] == [
            "Recorded something in your relationship"
        ]


def test_the_page_gives_the_emergency_number_and_the_countys(people):
    page = people.parent.client().get(reverse("concern_guide", args=[people.own.active.pk]))
    assert "112" in page.content.decode()
    assert people.common.contact_point.phone in page.content.decode()
    assert reverse("concern_record", args=[people.own.active.pk]) not in page.content.decode()


# --- incidents and grievances ------------------------------------------------------------------------------
def test_a_grievance_goes_from_the_parent_to_an_owner_and_back_with_an_answer(people):
    answer = saved(
        people.parent,
        "incident_raise_about",
        people.own.active.pk,
        kind="grievance",
        words="Kukaan ei soittanut, vaikka niin sovittiin.",
    )
    incident = Incident.objects.latest("created_at")
    assert answer.redirect_chain == [(incident.get_absolute_url(), 302)]
    assert (incident.status, incident.raised_as, incident.raised_by) == ("new", "parent", people.parent.user)

    services.take_incident(incident=incident, by=people.staff.actor)
    saved(people.staff, "incident_answer", incident.pk, answer="Soitamme tänään. Anteeksi.")
    incident.refresh_from_db()
    assert (incident.status, incident.owner, incident.answered_on) == ("answered", people.staff.user, today())
    assert Notice.objects.filter(kind="incident_answered", recipient=people.parent.user).count() == 1
    page = people.parent.client().get(incident.get_absolute_url())
    assert "Soitamme tänään. Anteeksi." in page.content.decode()

    services.reopen_incident(incident=incident, by=people.parent.actor)
    assert incident.status == "handling"


def test_whoever_it_may_be_about_never_sees_it(people):
    incident = people.own.incident
    for person in (people.worker, people.partner, people.other_parent):
        assert not Incident.objects.visible_to(person.actor).filter(pk=incident.pk).exists()


def test_a_member_of_the_staff_does_not_handle_what_she_raised_as_a_partner(people):
    incident = IncidentFactory(raised_by=people.staff.user, raised_as="partner")
    with pytest.raises(MoveRefused):
        services.take_incident(incident=incident, by=people.staff.actor)


def test_only_its_owner_answers(people):
    incident = people.own.incident
    services.take_incident(incident=incident, by=people.staff.actor)
    with pytest.raises(MoveRefused):
        services.answer_incident(incident=incident, answer="Selvä.", by=people.other_staff.actor)
    services.take_over_incident(incident=incident, by=people.other_staff.actor)
    services.answer_incident(incident=incident, answer="Selvä.", by=people.other_staff.actor)
    assert incident.status == "answered"


def test_nothing_is_answered_without_words():
    incident = IncidentFactory()
    with pytest.raises(DatabaseError, match="incident_answered_in_words"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(status="answered")
    with pytest.raises(DatabaseError, match="incident_kind_known"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(kind="gossip")
    Incident.objects.filter(pk=incident.pk).update(status="answered", answer="Selvä.", answered_on=today())


def test_the_moves_of_an_incident_and_no_others():
    allowed = {
        ("new", "handling"),
        ("handling", "answered"),
        ("answered", "closed"),
        ("answered", "handling"),
    }
    states = ("new", "handling", "answered", "closed")
    found = {(old, new) for old in states for new in states if Incident(status=old).may_move_to(new)}
    assert found == allowed


def test_the_words_are_in_no_audit_row(people):
    services.raise_incident(by=people.parent.actor, kind="incident", words="Salaiset sanat")
    assert not AuditEvent.objects.filter(detail__contains="Salaiset").exists()


# --- the administrator's data ------------------------------------------------------------------------------
def test_a_number_is_changed_and_a_second_editor_is_told(people):
    point = people.common.contact_point
    url = reverse("contact_point_edit", args=[point.pk])
    client = people.administrator.client()
    form = client.get(url).context["form"]
    words = {
        "name_fi": point.name_fi,
        "name_sv": point.name_sv,
        "name_en": point.name_en,
        "phone": "02 111 1111",
        "is_active": "on",
        "seen_version": form["seen_version"].value(),
    }
    first = client.post(url, {**words, "submission": form["submission"].value()})
    assert first.status_code == 302
    second = client.post(
        url,
        {
            **words,
            "phone": "02 222 2222",
            "submission": client.get(url).context["form"]["submission"].value(),
        },
    )
    assert second.status_code == 409
    point.refresh_from_db()
    assert point.phone == "02 111 1111"


def test_a_number_out_of_use_is_not_shown(people):
    point = ContactPointFactory(is_active=False, phone="09 999 9999")
    page = people.partner.client().get(reverse("concern_guide", args=[people.own.active.pk]))
    assert point.phone not in page.content.decode()
