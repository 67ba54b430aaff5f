"""The texts partners commit to: asked for at once, needed from a day on, every acceptance kept (R3, B16).

Controls: let `enough()` look at `published_on` instead of `required_from`; ask leaving partners, too; drop one of the
days from `COMMITMENT_AHEAD`.
"""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.home.selectors.partner import partner_home
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import Commitment, CommitmentText, ExperiencePartner, Reminder
from pairing.reminders import send_reminders
from tasks.services import offer
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    CommitmentFactory,
    CommitmentTextFactory,
    ContactRequestFactory,
    ExperiencePartnerFactory,
    ready_partner,
    relationship_in,
    show,
)
from tests.factories.tasks import AssignmentFactory
from tests.pairing.trio import send
from tests.personas import Person

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def fresh(record):
    """As the database has it now."""
    return type(record)._base_manager.get(pk=record.pk)


MONDAY = datetime.date(2026, 3, 2)
TEXTS = {"text_fi": "Uusi.", "text_sv": "Ny.", "text_en": "New."}


@pytest.fixture(autouse=True)
def first_versions():
    return [CommitmentTextFactory(kind=kind, number=1) for kind in ("principles", "undertaking")]


@pytest.fixture
def partner():
    return ready_partner(user=user_in_role("partner"))


@pytest.fixture
def administrator():
    return Person("administrator", user_in_role("administrator"), "administrator")


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff"), "staff")


def as_partner(partner) -> Person:
    return Person("partner", partner.user, "partner")


def coming(days: int = 20, **facts) -> CommitmentText:
    """A new version that has been published yesterday and is needed in so many days."""
    facts = {"kind": "principles", "number": 2, **facts}
    return CommitmentTextFactory(published_on=today() - DAY, required_from=today() + days * DAY, **facts)


def step_of(partner, code: str = "principles"):
    return next(step for step in fresh(partner).readiness() if step.code == code)


def is_ready(partner) -> bool:
    """As the record says, which must be what the list says."""
    listed = ExperiencePartner.objects.ready().filter(pk=partner.pk).exists()
    assert fresh(partner).is_ready == listed
    return listed


def accept(partner, text) -> Commitment:
    return services.record_commitment(partner=partner, text=text, by=as_partner(partner).actor)


# --- readiness --------------------------------------------------------------------------------------------------
class TestReadiness:
    def test_until_the_day_the_earlier_version_is_enough_and_the_new_one_is_asked_for(self, partner):
        text = coming()
        assert is_ready(partner)
        assert step_of(partner).text == text

    def test_from_that_very_day_on_the_earlier_version_is_not_enough(self, partner):
        text = coming(days=0)
        assert not is_ready(partner)
        assert (step_of(partner).done_on, step_of(partner).text) == (None, text)

    def test_who_accepts_before_the_day_stays_ready_on_the_day(self, partner):
        text = coming()
        accept(partner, text)
        CommitmentText.objects.filter(pk=text.pk).update(required_from=today())
        assert is_ready(partner)
        assert (step_of(partner).done_on, step_of(partner).text) == (today(), None)

    def test_a_newcomer_who_accepts_only_the_coming_version_is_ready_at_once(self):
        text = coming()
        newcomer = ExperiencePartnerFactory(user=user_in_role("partner"))
        accept(newcomer, text)
        CommitmentFactory(partner=newcomer, text=CommitmentText.objects.get(kind="undertaking"))
        assert is_ready(newcomer)

    def test_of_two_coming_versions_either_is_enough_before_the_day_and_the_newer_is_asked_for(self, partner):
        older, newer = coming(days=5), coming(days=15, number=3)
        assert list(CommitmentText.objects.asked().filter(kind="principles")) == [newer]
        accept(partner, older)
        CommitmentText.objects.filter(pk=older.pk).update(required_from=today())
        assert is_ready(partner)
        assert step_of(partner).text == newer

    def test_a_version_that_will_be_published_tomorrow_is_neither_asked_for_nor_enough(self, partner):
        text = CommitmentTextFactory(
            kind="principles", number=2, published_on=today() + DAY, required_from=today() + 9 * DAY
        )
        assert step_of(partner).text is None
        with pytest.raises(MoveRefused):
            accept(partner, text)

    def test_the_version_before_the_one_in_force_cannot_be_accepted(self, partner, first_versions):
        coming(days=0)
        with pytest.raises(MoveRefused):
            accept(ready_partner(), first_versions[0])

    def test_on_the_day_nothing_new_begins_and_what_runs_goes_on(self, partner, staff):
        running = relationship_in("active", partner=partner)
        request, assignment = ContactRequestFactory(), AssignmentFactory()
        show(partner)
        coming(days=0)
        with pytest.raises(MoveRefused):
            services.propose_pair(request=request, partner=fresh(partner), by=staff.actor)
        with pytest.raises(MoveRefused):
            offer(assignment=assignment, partner=fresh(partner), fee_amount=None, by=staff.actor)
        assert not ExperiencePartner.objects.in_directory().filter(pk=partner.pk).exists()
        assert fresh(running).status == "active"

    def test_earlier_acceptances_stay(self, partner):
        accept(partner, coming())
        assert partner.commitments.filter(text__kind="principles").count() == 2


class TestConstraint:
    def test_a_text_needed_on_its_first_day_is_fine(self):
        assert CommitmentTextFactory(number=2, published_on=MONDAY, required_from=MONDAY).pk

    def test_a_text_is_not_needed_before_it_has_been_published(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommitmentTextFactory(number=2, published_on=MONDAY, required_from=MONDAY - DAY)
        wrong = CommitmentTextFactory.build(number=2, published_on=MONDAY, required_from=MONDAY - DAY)
        with override("en"), pytest.raises(ValidationError) as refused:
            wrong.validate_constraints()
        assert refused.value.messages == ["A text cannot be needed before it has been published."]


# --- publishing -------------------------------------------------------------------------------------------------
class TestPublishing:
    def url(self, kind: str = "principles") -> str:
        return f"{reverse('commitment_text_create')}?kind={kind}"

    def publish(self, administrator, *, seen: int = 1, on: datetime.date | None = None):
        return send(
            administrator.client(),
            self.url(),
            kind="principles",
            required_from=(on or today() + 30 * DAY).isoformat(),
            seen_number=str(seen),
            **TEXTS,
        )

    def test_a_new_version_is_asked_for_today_and_needed_on_its_day(self, administrator):
        self.publish(administrator, on=today() + 12 * DAY)
        text = CommitmentText.objects.get(kind="principles", number=2)
        assert (text.published_on, text.required_from, text.text_sv) == (today(), today() + 12 * DAY, "Ny.")

    def test_the_days_of_grace_are_filled_in(self, administrator, settings):
        settings.COMMITMENT_GRACE_DAYS = 45
        form = administrator.client().get(self.url()).context["form"]
        assert form["required_from"].value() == today() + 45 * DAY
        CommitmentText.objects.all().delete()
        assert administrator.client().get(self.url()).context["form"]["required_from"].value() == today()

    def test_the_form_is_filled_in_from_the_newest_version(self, administrator):
        form = administrator.client().get(self.url("undertaking")).context["form"]
        assert (form["kind"].value(), form["seen_number"].value(), form["text_en"].value()) == (
            "undertaking",
            1,
            CommitmentText.objects.get(kind="undertaking").text_en,
        )

    def test_a_day_that_has_passed_is_refused(self, administrator):
        answer = self.publish(administrator, on=today() - DAY)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["required_from"])

    def test_of_two_who_publish_the_second_is_told(self, administrator):
        assert [self.publish(administrator).status_code for _two in range(2)] == [302, 409]
        with pytest.raises(AlreadyMoved):
            services.publish_commitment_text(
                kind="principles",
                texts={"fi": "a", "sv": "b", "en": "c"},
                required_from=today(),
                by=administrator.actor,
                seen_number=1,
            )

    def test_every_partner_is_told_but_those_who_are_leaving(self, administrator, partner):
        ready_partner(user=user_in_role("partner"), leaving_on=today(), is_available=False)
        ready_partner()  # has no account
        self.publish(administrator)
        assert [notice.recipient for notice in Notice.objects.filter(kind="commitment_asked")] == [
            partner.user
        ]

    def test_the_list_says_which_version_holds_and_which_is_coming(self, administrator):
        coming(days=20)
        with override("en"):
            rows = administrator.client().get(reverse("commitment_text_list")).context["rows"]
            assert [(row.kind, row.number, row.is_current) for row in rows] == [
                ("principles", 2, False),
                ("principles", 1, True),
                ("undertaking", 1, True),
            ]


# --- what people read -------------------------------------------------------------------------------------------
class TestReading:
    def test_the_public_page_shows_the_version_in_force(self):
        text = coming(text_fi="Uusi otsikko\nUudet sanat.")
        assert "Uusi otsikko" not in Client().get(reverse("principles")).content.decode()
        CommitmentText.objects.filter(pk=text.pk).update(required_from=today())
        assert "Uusi otsikko" in Client().get(reverse("principles")).content.decode()

    def test_the_partners_home_asks_at_once_and_says_from_which_day(self, partner):
        text = coming()
        with override("en"):
            (waiting,) = partner_home(as_partner(partner).actor)["waiting"]
            assert waiting.url == reverse("partner_commit", args=[text.pk])
            assert waiting.detail.startswith("There is a new version. You need it from")
            CommitmentText.objects.filter(pk=text.pk).update(required_from=today())
            (waiting,) = partner_home(as_partner(partner).actor)["waiting"]
            assert waiting.detail == "You need this before a new relationship or assignment."

    def test_a_newcomer_needs_it_now_even_where_the_newest_version_is_still_coming(self):
        coming()
        newcomer = ExperiencePartnerFactory(user=user_in_role("partner"))
        with override("en"):
            details = {one.detail for one in partner_home(as_partner(newcomer).actor)["waiting"]}
        assert details == {"You need this before a new relationship or assignment."}

    def test_the_own_page_lists_every_acceptance_with_version_and_day(self, partner):
        accept(partner, coming())
        page = as_partner(partner).client().get(partner.get_absolute_url())
        listed = [(c.text.kind, c.text.number, c.made_on) for c in page.context["object"].commitments.all()]
        assert sorted(listed) == sorted(
            (c.text.kind, c.text.number, c.made_on) for c in Commitment.objects.filter(partner=partner)
        )
        words = page.content.decode()
        assert [reverse("partner_commit", args=[c.text_id]) in words for c in partner.commitments.all()] == [
            True,
            True,
            True,
        ]

    def test_what_has_been_accepted_is_read_without_a_button(self, partner, first_versions):
        page = as_partner(partner).client().get(reverse("partner_commit", args=[first_versions[0].pk]))
        assert 'class="form"' not in page.content.decode()
        assert first_versions[0].text_fi in page.content.decode()


# --- reminders --------------------------------------------------------------------------------------------------
class TestReminders:
    @pytest.fixture(autouse=True)
    def clock(self, time_machine):
        time_machine.move_to("2026-03-02T09:00:00+02:00", tick=False)
        self.time_machine = time_machine

    def on(self, day: datetime.date) -> list[tuple]:
        """Who has been reminded on this day, and of which text."""
        self.time_machine.move_to(f"{day.isoformat()}T09:00:00+02:00", tick=False)
        Notice.objects.all().delete()
        send_reminders()
        found = Notice.objects.filter(kind="commitment_soon")
        return [(notice.recipient, notice.object_id) for notice in found]

    def test_who_has_not_accepted_is_reminded_14_and_3_days_before(self, partner):
        text = coming(days=30)
        told = {day: self.on(MONDAY + day * DAY) for day in (15, 16, 17, 26, 27, 28, 30, 31)}
        due = [(partner.user, text.pk)]
        assert told == {15: [], 16: due, 17: [], 26: [], 27: due, 28: [], 30: [], 31: []}

    def test_after_a_gap_only_the_nearer_of_the_two_is_given(self, partner):
        text = coming(days=30)
        assert self.on(MONDAY + 28 * DAY) == [(partner.user, text.pk)]
        assert list(Reminder.objects.filter(object_id=partner.pk).values_list("kind", flat=True)) == [
            "principles_3"
        ]

    @pytest.mark.parametrize("why", ["accepted", "leaving", "a newer version"])
    def test_who_need_not_is_not_reminded(self, partner, why):
        text = coming(days=30)
        if why == "accepted":
            accept(partner, text)
        elif why == "leaving":
            ExperiencePartner.objects.filter(pk=partner.pk).update(leaving_on=today(), is_available=False)
        else:
            coming(days=60, number=3)
        assert self.on(MONDAY + 16 * DAY) == []

    def test_a_short_grace_does_not_remind_on_the_day_of_the_notice(self, partner):
        coming(days=10)
        assert self.on(MONDAY) == []
        assert len(self.on(MONDAY + 7 * DAY)) == 1

    def test_both_texts_needed_on_one_day_remind_of_each(self, partner):
        texts = {coming(days=30).pk, coming(days=30, kind="undertaking").pk}
        assert {about for _user, about in self.on(MONDAY + 16 * DAY)} == texts
