"""The social worker's decision: the first one, another before the start, and renewals (B27, R2)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext, override

from kumppani.core.dates import add_months, today
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import day
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import Decision, LegalGround, Relationship
from tests.access.house import NOWHERE
from tests.factories.accounts import user_in_role
from tests.factories.organisations import GrantFactory
from tests.factories.pairing import (
    AgreementFactory,
    ContactRequestFactory,
    DecisionFactory,
    LegalGroundFactory,
    SocialWorkerFactory,
    StartMeetingFactory,
    SubstitutionFactory,
    ready_partner,
    relationship_in,
)
from tests.pairing.trio import build_trio, fresh, said, send
from tests.personas import Person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def facts(**other) -> dict:
    return {
        "is_positive": True,
        "made_on": today(),
        "reference": "P-9",
        "legal_ground": LegalGroundFactory(),
        "valid_from": today(),
        "valid_to": today() + 180 * DAY,
        "funding": "organiser",
        "grant": None,
    } | other


NEGATIVE = {"is_positive": False, "valid_from": None, "valid_to": None, "funding": ""}


def colleague_of(pair, *, starts: int, ends: int) -> Person:
    """Somebody who stands in for the pair's social worker from and until so many days from today."""
    worker = pair.relationship.social_worker
    substitute = SocialWorkerFactory(organisation=worker.organisation)
    SubstitutionFactory(
        social_worker=worker,
        substitute=substitute,
        starts_on=today() + starts * DAY,
        ends_on=today() + ends * DAY,
    )
    return Person("colleague", substitute.user, "social_worker")


class TestWho:
    def test_the_own_social_worker_decides(self):
        pair = build_trio("proposed")
        services.record_decision(relationship=pair.relationship, by=pair.worker.actor, **facts())
        assert fresh(pair.relationship).status == "decided"

    @pytest.mark.parametrize("who", ["staff", "partner", "parent"])
    def test_nobody_else_does(self, who):
        pair = build_trio("proposed")
        with pytest.raises(MoveRefused):
            services.record_decision(relationship=pair.relationship, by=getattr(pair, who).actor, **facts())

    def test_a_social_worker_of_another_parent_does_not(self):
        pair = build_trio("proposed")
        other = Person("other", SocialWorkerFactory().user, "social_worker")
        with pytest.raises(MoveRefused):
            services.record_decision(relationship=pair.relationship, by=other.actor, **facts())

    def test_todays_substitute_does_and_is_the_maker(self):
        pair = build_trio("proposed")
        colleague = colleague_of(pair, starts=0, ends=0)
        decision = services.record_decision(relationship=pair.relationship, by=colleague.actor, **facts())
        assert (decision.maker.user, decision.organisation, fresh(pair.relationship).social_worker.user) == (
            colleague.user,
            pair.relationship.organisation,
            pair.worker.user,
        )

    @pytest.mark.parametrize(("starts", "ends"), [(1, 5), (-5, -1)], ids=["tomorrow", "until yesterday"])
    def test_a_substitute_of_other_days_does_not(self, starts, ends):
        pair = build_trio("proposed")
        colleague = colleague_of(pair, starts=starts, ends=ends)
        with pytest.raises(MoveRefused):
            services.record_decision(relationship=pair.relationship, by=colleague.actor, **facts())


class TestWhen:
    def record(self, status: str, **other) -> Relationship:
        self.pair = build_trio(status)
        services.record_decision(
            relationship=self.pair.relationship, by=self.pair.worker.actor, **facts(**other)
        )
        return fresh(self.pair.relationship)

    @pytest.mark.parametrize("status", ["decided", "active", "paused"])
    def test_a_positive_one_may_come_again_and_moves_nothing(self, status):
        relationship = self.record(status)
        assert (relationship.status, relationship.decisions.count()) == (status, 2)

    @pytest.mark.parametrize("status", ["proposed", "decided"])
    def test_a_negative_one_before_the_start_closes_the_way(self, status):
        assert self.record(status, **NEGATIVE).status == "refused"

    def test_a_negative_one_takes_the_open_start_meeting_along(self):
        pair = build_trio("decided")
        StartMeetingFactory(relationship=pair.relationship)
        agreement = AgreementFactory(relationship=pair.relationship)
        services.record_decision(relationship=pair.relationship, by=pair.worker.actor, **facts(**NEGATIVE))
        agreement.refresh_from_db()
        assert agreement.withdrawn_on == today()

    @pytest.mark.parametrize("status", ["active", "paused"])
    def test_a_negative_one_while_it_runs_is_refused_and_nothing_is_kept(self, status):
        pair = build_trio(status)
        with pytest.raises(MoveRefused):
            services.record_decision(
                relationship=pair.relationship, by=pair.worker.actor, **facts(**NEGATIVE)
            )
        assert Decision.objects.count() == 1

    @pytest.mark.parametrize("status", ["acquainting", "no_match", "declined", "refused", "ended"])
    def test_there_is_nothing_to_decide_in(self, status):
        pair = build_trio(status)
        with pytest.raises(MoveRefused):
            services.record_decision(relationship=pair.relationship, by=pair.worker.actor, **facts())

    def test_a_positive_one_without_validity_is_refused_and_moves_nothing(self):
        pair = build_trio("proposed")
        with pytest.raises(ValidationError):
            services.record_decision(
                relationship=pair.relationship, by=pair.worker.actor, **facts(valid_to=None)
            )
        assert fresh(pair.relationship).status == "proposed"

    def test_a_renewal_lets_it_go_on_until_the_agreements_last_day(self):
        pair = build_trio("active")
        before = fresh(pair.relationship).last_day()
        agreed = fresh(pair.relationship).agreement_in_force().ends_on
        services.record_decision(
            relationship=pair.relationship,
            by=pair.worker.actor,
            **facts(valid_from=before + DAY, valid_to=agreed + 100 * DAY),
        )
        assert fresh(pair.relationship).last_day() == agreed

    def test_parent_and_partner_are_told_of_a_positive_one_and_of_a_negative_one_only_the_parent(self):
        for outcome, told in (({}, {"parent", "partner"}), (NEGATIVE, {"parent"})):
            pair = build_trio("proposed")
            services.record_decision(relationship=pair.relationship, by=pair.worker.actor, **facts(**outcome))
            notices = Notice.objects.filter(kind="decision_made", object_id=pair.relationship.pk)
            assert set(notices.values_list("role", flat=True)) == told


class TestForm:
    def url(self, pair) -> str:
        return reverse("relationship_decide", args=[pair.relationship.pk])

    def initial(self, pair) -> dict:
        form = pair.worker.client().get(self.url(pair)).context["form"]
        return {name: form[name].value() for name in form.fields if name != "submission"}

    def words(self, **change) -> dict:
        ground = LegalGround.objects.first() or LegalGroundFactory()
        return {
            "outcome": "positive",
            "made_on": today().isoformat(),
            "reference": "P-1",
            "legal_ground": str(ground.pk),
            "valid_from": today().isoformat(),
            "valid_to": (today() + 90 * DAY).isoformat(),
            "funding": "organiser",
        } | change

    def test_a_negative_one_needs_no_validity(self):
        pair = build_trio("proposed")
        send(
            pair.worker.client(),
            self.url(pair),
            **self.words(outcome="negative", valid_from="", valid_to="", funding=""),
        )
        assert fresh(pair.relationship).status == "refused"

    def test_a_positive_one_says_what_it_lacks(self):
        pair = build_trio("proposed")
        answer = send(
            pair.worker.client(),
            self.url(pair),
            **self.words(valid_from="", valid_to="", funding="grant"),
        )
        assert sorted(answer.context["form"].errors) == ["grant", "valid_from", "valid_to"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"made_on": (today() + 2 * DAY).isoformat()}, "made_on"),
            (
                {"valid_to": (today() - 2 * DAY).isoformat(), "valid_from": (today() - 9 * DAY).isoformat()},
                "valid_to",
            ),
            ({"valid_to": (today() - 2 * DAY).isoformat()}, "valid_to"),
            ({"legal_ground": str(NOWHERE)}, "legal_ground"),
        ],
        ids=["made in the future", "run out already", "days the wrong way round", "no such ground"],
    )
    def test_what_is_wrong_is_said_next_to_the_field(self, change, field):
        pair = build_trio("proposed")
        answer = send(pair.worker.client(), self.url(pair), **self.words(**change))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_a_first_one_is_filled_in_with_what_is_usual(self):
        pair, grant = build_trio("proposed"), GrantFactory()
        assert self.initial(pair) == {
            "outcome": "positive",
            "made_on": today(),
            "reference": None,
            "legal_ground": None,
            "valid_from": today(),
            "valid_to": add_months(today(), 6),
            "funding": "grant",
            "grant": grant.pk,
        }

    def test_a_renewal_is_filled_in_from_the_last_one_and_begins_after_it(self):
        pair = build_trio("active")
        last = pair.relationship.decisions.get()
        begins = last.valid_to + DAY
        assert self.initial(pair) == {
            "outcome": "positive",
            "made_on": today(),
            "reference": None,
            "legal_ground": last.legal_ground_id,
            "valid_from": begins,
            "valid_to": add_months(begins, 6),
            "funding": "organiser",
            "grant": None,
        }

    def test_with_another_partner_the_decision_that_still_stands_is_filled_in_as_it_was(self):
        earlier = build_trio("ended")
        last = earlier.relationship.decisions.get()
        relationship = relationship_in(
            "proposed",
            request=ContactRequestFactory(parent=earlier.relationship.parent, status="matched"),
            partner=ready_partner(user=user_in_role("partner")),
            continues=earlier.relationship,
        )
        earlier.relationship = relationship
        assert self.initial(earlier) == {
            "outcome": "positive",
            "made_on": last.made_on,
            "reference": last.reference,
            "legal_ground": last.legal_ground_id,
            "valid_from": last.valid_from,
            "valid_to": last.valid_to,
            "funding": "organiser",
            "grant": None,
        }

    def test_a_ground_that_is_no_longer_in_use_cannot_be_chosen(self):
        pair = build_trio("proposed")
        old = LegalGroundFactory(is_active=False)
        answer = send(pair.worker.client(), self.url(pair), **self.words(legal_ground=str(old.pk)))
        assert list(answer.context["form"].errors) == ["legal_ground"]

    def test_a_page_opened_before_the_start_cannot_turn_a_no_into_a_yes(self):
        pair = build_trio("active")
        answer = send(pair.worker.client(), self.url(pair), **self.words(outcome="negative"))
        assert (answer.status_code, Decision.objects.count()) == (409, 1)

    def test_the_answer_says_what_comes_next(self):
        valid_to = today() + 90 * DAY
        with override("fi"):
            expected = [
                [gettext("Saved: a positive decision. The start meeting comes next.")],
                [gettext("Saved: a decision valid until %(date)s.") % {"date": day(valid_to)}],
            ]
        pairs = build_trio("proposed"), build_trio("active")
        assert [
            said(send(pair.worker.client(), self.url(pair), **self.words())) for pair in pairs
        ] == expected


class TestConstraints:
    def test_a_whole_one_is_saved(self):
        DecisionFactory().full_clean()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"valid_to": None}, "A positive decision says from when to when it is valid and who pays."),
            ({"funding": ""}, "A positive decision says from when to when it is valid and who pays."),
            ({"valid_from": today() + 999 * DAY}, "The last day cannot be before the first day."),
            ({"funding": "grant"}, "Name the grant when, and only when, the grant pays."),
        ],
    )
    def test_others_are_refused_in_words(self, fields, words):
        relationship = relationship_in("proposed")
        decision = DecisionFactory.build(
            relationship=relationship,
            maker=relationship.social_worker,
            organisation=relationship.organisation,
            legal_ground=LegalGroundFactory(),
            **fields,
        )
        with override("en"), pytest.raises(ValidationError) as refused:
            decision.full_clean()
        assert words in refused.value.messages
