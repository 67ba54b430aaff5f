"""That an extract has been seen: only where the law allows it, once, two dates and nothing else (domain 2.8).

Controls: leave `lacking` out of `offer_to_several`; let `clean` pass over the kind; drop a trigger.
"""

import datetime
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils.html import escape

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from tasks import services
from tasks.models import AssignmentKind, CriminalRecordNote, Engagement, Participation, RecordCheck
from tests.factories.accounts import user_in_role
from tests.factories.pairing import CommitmentTextFactory, ready_partner
from tests.factories.tasks import (
    AssignmentFactory,
    AssignmentKindFactory,
    CriminalRecordNoteFactory,
    ParticipationFactory,
    PartnerTermsFactory,
)
from tests.pairing.trio import send
from tests.personas import Person

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
D = datetime.date


@pytest.fixture(autouse=True)
def texts():
    return [CommitmentTextFactory(kind=kind, number=1) for kind in ("principles", "undertaking")]


@pytest.fixture
def partner():
    return ready_partner(user=user_in_role("partner", language="en"))


@pytest.fixture
def staff() -> Person:
    return Person("staff", user_in_role("staff", language="en"), "staff")


@pytest.fixture
def long_work() -> AssignmentKind:
    """The law demands that the extract is seen."""
    return AssignmentKindFactory(with_minors=True, engagement="paid_long")


def note(partner, kind, staff, **facts) -> CriminalRecordNote:
    facts = {"issued_on": today() - 10 * DAY, "seen_on": today(), **facts}
    return services.note_record_seen(partner=partner, kind=kind, by=staff.actor, **facts)


# --- what the law allows ----------------------------------------------------------------------------------------
@pytest.fixture
def every_kind() -> list[AssignmentKind]:
    answers = product((False, True), (False, True), (False, True), Engagement.values)
    return [
        AssignmentKindFactory(with_minors=minors, in_person=in_person, alone=alone, engagement=engagement)
        for minors, in_person, alone, engagement in answers
    ]


def test_the_lists_and_the_answers_of_a_kind_agree(every_kind):
    possible = {kind for kind in every_kind if kind.record_check != RecordCheck.NOT_POSSIBLE}
    needed = {kind for kind in every_kind if kind.record_check == RecordCheck.MUST_BE_SEEN}
    assert set(AssignmentKind.objects.record_may_be_seen()) == possible
    assert set(AssignmentKind.objects.record_must_be_seen()) == needed


def test_service_and_database_refuse_the_same_kinds(every_kind, partner, staff):
    for kind in every_kind:
        facts = {"partner": partner, "kind": kind, "issued_on": today(), "seen_on": today()}
        if kind.record_check == RecordCheck.NOT_POSSIBLE:
            with pytest.raises(ValidationError) as refused:
                note(partner, kind, staff)
            assert list(refused.value.error_dict) == ["kind"]
            with pytest.raises(DatabaseError, match="no extract is looked at"), transaction.atomic():
                CriminalRecordNote.objects.bulk_create([CriminalRecordNote(**facts)])
        else:
            assert note(partner, kind, staff).pk


def test_the_database_refuses_another_kind_afterwards(partner, staff, long_work):
    kept = note(partner, long_work, staff)
    with pytest.raises(DatabaseError, match="no extract is looked at"), transaction.atomic():
        CriminalRecordNote.objects.filter(pk=kept.pk).update(kind=AssignmentKindFactory())


@pytest.mark.parametrize(
    ("issued_on", "seen_on", "is_fine"),
    [
        (D(2025, 3, 10), D(2025, 3, 10), True),
        (D(2025, 3, 10), D(2025, 9, 10), True),
        (D(2025, 3, 10), D(2025, 9, 11), False),
        (D(2025, 3, 10), D(2025, 3, 9), False),
        (D(2025, 8, 31), D(2026, 2, 28), True),  # February has no 31st
        (D(2025, 8, 31), D(2026, 3, 1), False),
    ],
)
def test_an_extract_is_seen_within_six_months_of_its_day(
    partner, staff, long_work, issued_on, seen_on, is_fine
):
    facts = {"issued_on": issued_on, "seen_on": seen_on}
    row = CriminalRecordNote(partner=partner, kind=long_work, **facts)
    if is_fine:
        assert note(partner, long_work, staff, **facts).pk
    else:
        with pytest.raises(ValidationError):
            note(partner, long_work, staff, **facts)
        with pytest.raises(DatabaseError), transaction.atomic():
            CriminalRecordNote.objects.bulk_create([row])


NO_LONGER = [
    {"with_minors": False},
    {"engagement": "volunteer"},
    {"engagement": "volunteer", "in_person": True},
    {"engagement": "volunteer", "alone": True},
]
STILL = [
    {"engagement": "paid_short"},
    {"engagement": "volunteer", "in_person": True, "alone": True},
    {"is_active": False},
]


def change(kind, staff, answers):
    kind = AssignmentKind.objects.get(pk=kind.pk)
    for name, value in answers.items():
        setattr(kind, name, value)
    return services.edit_kind(kind=kind, fields=list(answers), by=staff.actor, seen_version=kind.version)


@pytest.mark.parametrize("answers", NO_LONGER)
def test_a_kind_with_notes_stays_one_of_which_the_law_allows_them(partner, staff, long_work, answers):
    """The service says it in words, the database refuses the same; without notes nothing is in the way."""
    kept = note(partner, long_work, staff)
    with pytest.raises(MoveRefused, match="Make a new kind"):
        change(long_work, staff, answers)
    with pytest.raises(DatabaseError, match="no extract is looked at"), transaction.atomic():
        AssignmentKind.objects.filter(pk=long_work.pk).update(**answers)
    assert AssignmentKind.objects.get(pk=long_work.pk).record_check == RecordCheck.MUST_BE_SEEN
    services.remove_record_note(note=kept, by=staff.actor)
    assert change(long_work, staff, answers).record_check == RecordCheck.NOT_POSSIBLE


@pytest.mark.parametrize("answers", STILL)
def test_its_other_answers_may_change(partner, staff, long_work, answers):
    note(partner, long_work, staff)
    assert change(long_work, staff, answers).record_check != RecordCheck.NOT_POSSIBLE
    assert CriminalRecordNote.objects.count() == 1


def test_the_administrator_reads_why_at_the_form(partner, staff, long_work):
    note(partner, long_work, staff)
    client = Person("administrator", user_in_role("administrator", language="en"), "administrator").client()
    url = reverse("assignment_kind_edit", args=[long_work.pk])
    form = client.get(url).context["form"]
    words = {name: form[name].value() for name in form.fields if name != "with_minors"}
    answer = client.post(
        url, {name: value for name, value in words.items() if value not in (None, "", False)}
    )
    assert "let the staff take those notes back first" in answer.content.decode()
    assert AssignmentKind.objects.get(pk=long_work.pk).with_minors is True


def test_a_day_to_come_is_refused(partner, staff, long_work):
    with pytest.raises(ValidationError) as refused:
        note(partner, long_work, staff, seen_on=today() + DAY)
    assert list(refused.value.error_dict) == ["seen_on"]


def test_it_is_not_meant_for_checking_again_and_again(partner, staff, long_work):
    note(partner, long_work, staff)
    with pytest.raises(ValidationError):
        note(partner, long_work, staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        CriminalRecordNoteFactory(partner=partner, kind=long_work)
    assert CriminalRecordNote.objects.count() == 1


def test_the_words_of_the_constraints(partner, long_work):
    wrong = CriminalRecordNoteFactory.build(
        partner=partner, kind=long_work, issued_on=today(), seen_on=today() - DAY
    )
    with pytest.raises(ValidationError) as refused:
        wrong.validate_constraints()
    assert refused.value.messages == ["An extract is seen on its own day or later."]
    CriminalRecordNoteFactory(partner=partner, kind=long_work)
    again = CriminalRecordNoteFactory.build(
        partner=partner, kind=long_work, issued_on=today(), seen_on=today()
    )
    with pytest.raises(ValidationError) as refused:
        again.validate_constraints()
    assert refused.value.messages == ["The extract has been seen for this kind already."]


def test_nobody_looks_at_the_own_extract(partner, long_work):
    partner.user.grant_role("staff", by=None)
    with pytest.raises(MoveRefused):
        note(partner, long_work, Person("both", partner.user, "staff"))


def test_there_is_no_field_for_anything_else():
    """No file, no result, no word. Control: add a text field."""
    assert {field.name for field in CriminalRecordNote._meta.get_fields()} == {
        *("id", "created_at", "updated_at", "version"),
        *("partner", "kind", "issued_on", "seen_on", "seen_by"),
    }


# --- pages ------------------------------------------------------------------------------------------------------
class TestPages:
    def url(self, partner) -> str:
        return reverse("record_note_create", args=[partner.pk])

    def test_staff_write_it_down_and_the_page_shows_it(self, partner, staff, long_work):
        client = staff.client()
        answer = send(
            client,
            self.url(partner),
            kind=str(long_work.pk),
            issued_on=(today() - DAY).isoformat(),
            seen_on=today().isoformat(),
        )
        kept = CriminalRecordNote.objects.get()
        assert (answer.url, kept.partner, kept.kind, kept.seen_by) == (
            partner.get_absolute_url(),
            partner,
            long_work,
            staff.user,
        )
        page = client.get(partner.get_absolute_url()).content.decode()
        assert reverse("record_note_remove", args=[kept.pk]) in page

    def test_only_lawful_kinds_that_have_not_been_seen_are_to_choose(self, partner, staff, long_work):
        AssignmentKindFactory()
        AssignmentKindFactory(with_minors=True, is_active=False)
        short_work = AssignmentKindFactory(with_minors=True)
        note(partner, short_work, staff)
        form = staff.client().get(self.url(partner)).context["form"]
        assert list(form.fields["kind"].queryset) == [long_work]

    def test_without_such_a_kind_the_page_says_why_and_has_no_form(self, partner, staff):
        AssignmentKindFactory()
        page = staff.client().get(self.url(partner)).content.decode()
        assert "There is nothing to write down" in page
        assert 'class="form"' not in page
        assert ("504/2002" in page, "148/2014" in page) == (True, True)

    def test_a_mistake_is_taken_back_and_the_trail_keeps_that_it_was(self, partner, staff, long_work):
        wrong = note(partner, long_work, staff)
        staff.client().post(reverse("record_note_remove", args=[wrong.pk]))
        assert not CriminalRecordNote.objects.exists()
        trail = AuditEvent.objects.filter(object_id=wrong.pk, about_id=partner.pk).order_by("at")
        assert [(event.action, event.detail) for event in trail] == [("create", ""), ("change", "taken back")]

    def test_the_partner_reads_the_own_two_days_and_nothing_of_others(self, partner, staff, long_work):
        note(partner, long_work, staff)
        page = Person("partner", partner.user, "partner").client().get(partner.get_absolute_url())
        assert "Criminal-record extracts seen" in page.content.decode()
        other = ready_partner(user=user_in_role("partner", language="en"))
        page = Person("other", other.user, "partner").client().get(other.get_absolute_url())
        assert "Criminal-record" not in page.content.decode()

    @pytest.mark.parametrize(("on_file", "words"), [(True, "is with"), (False, "is not with")])
    def test_the_partners_page_says_whether_the_tax_card_is_there(self, partner, staff, on_file, words):
        PartnerTermsFactory(partner=partner, tax_card_on_file=on_file)
        page = staff.client().get(partner.get_absolute_url()).content.decode()
        assert f"Tax card {words} payroll" in page


# --- asking partners --------------------------------------------------------------------------------------------
class TestOffering:
    def offer(self, assignment, partners, staff):
        return services.offer_to_several(
            assignment=assignment, partners=partners, fee_amount=None, by=staff.actor
        )

    def test_where_it_must_be_seen_nobody_is_asked_without(self, partner, staff, long_work):
        assignment = AssignmentFactory(kind=long_work)
        with pytest.raises(MoveRefused, match=partner.name):
            self.offer(assignment, [partner], staff)
        note(partner, long_work, staff)
        assert [part.partner for part in self.offer(assignment, [partner], staff)] == [partner]

    def test_all_of_them_or_none(self, partner, staff, long_work):
        note(partner, long_work, staff)
        with pytest.raises(MoveRefused):
            self.offer(AssignmentFactory(kind=long_work), [partner, ready_partner()], staff)
        assert not Participation.objects.exists()

    def test_where_it_may_be_asked_for_nothing_is_in_the_way(self, partner, staff):
        short_work = AssignmentKindFactory(with_minors=True)
        assert len(self.offer(AssignmentFactory(kind=short_work), [partner], staff)) == 1

    def test_a_note_for_another_kind_is_not_enough(self, partner, staff, long_work):
        note(partner, AssignmentKindFactory(with_minors=True, engagement="paid_long"), staff)
        with pytest.raises(MoveRefused):
            self.offer(AssignmentFactory(kind=long_work), [partner], staff)

    def test_the_form_tells_it_before_one_is_asked(self, partner, staff, long_work):
        seen = ready_partner()
        note(seen, long_work, staff)
        page = staff.client().get(reverse("assignment_offer", args=[AssignmentFactory(kind=long_work).pk]))
        warned = {turn.partner: turn.warnings for turn in page.context["form"].turns}
        assert warned == {seen: [], partner: ["The criminal-record extract must be seen first"]}
        assert page.context["must_be_seen"]

    def test_the_assignment_names_those_of_whom_it_has_not_been_seen(self, partner, staff, long_work):
        assignment = AssignmentFactory(kind=long_work)
        seen = ready_partner()
        note(seen, long_work, staff)
        for each in (partner, seen):
            ParticipationFactory(assignment=assignment, partner=each)
        page = staff.client().get(assignment.get_absolute_url())
        assert page.context["unseen"] == [partner]
        assert escape(reverse("record_note_create", args=[partner.pk])) in page.content.decode()
