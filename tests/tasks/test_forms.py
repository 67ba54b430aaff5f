import datetime
from decimal import Decimal

import pytest
from django.utils import translation

from kumppani.core.dates import today
from kumppani.core.forms import SpokenDecimalField
from kumppani.core.submissions import new_token
from kumppani.organisations.models import Grant
from tasks.forms import AssignmentEditForm, AssignmentForm, OfferForm, RejectForm
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import ExperiencePartnerFactory, ready_partner
from tests.factories.tasks import AssignmentFactory, AssignmentKindFactory, ParticipationFactory

DAY = datetime.timedelta(days=1)


# --- Numbers as people write them -------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2,5", "2.5"),
        ("2.5", "2.5"),
        (" 80 ", "80"),
        ("80,00 €", "80.00"),
        ("1 200,50", "1200.50"),
        ("1\u00a0200", "1200"),
    ],
)
def test_a_number_is_read_as_people_write_it(language, typed, meant):
    with translation.override(language):
        assert SpokenDecimalField(max_digits=8, decimal_places=2).clean(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1.200,50", "two", "NaN", "Infinity", "1e3e", "€", "2,555", "\x00"])
def test_what_is_no_number_is_said_to_be_none(typed):
    with pytest.raises(Exception, match=r".+") as error:
        SpokenDecimalField(max_digits=8, decimal_places=2).clean(typed)
    assert type(error.value).__name__ == "ValidationError"


@pytest.mark.parametrize(
    ("language", "shown"), [("fi", ["2,5", "80"]), ("sv", ["2,5", "80"]), ("en", ["2.5", "80"])]
)
def test_a_number_is_shown_in_the_languages_form(language, shown):
    field = SpokenDecimalField(max_digits=4, decimal_places=1)
    with translation.override(language):
        assert [field.prepare_value(Decimal("2.5")), field.prepare_value(Decimal("80.00"))] == shown


# --- An assignment ----------------------------------------------------------------------------------------
@pytest.fixture
def typed(people):
    """What a member of staff types for a good assignment."""
    return {
        "kind": str(people.common.kind.pk),
        "title": "A talk",
        "organisation": str(people.own.organisation.pk),
        "date": (today() + DAY).isoformat(),
        "starts_at": "17:00",
        "hours": "2,5",
        "place": "Toritie 1",
        "partners_wanted": "2",
        "audience": "students",
        "audience_size": "30",
        "target": "services",
        "payer": "project",
        "grant": str(people.common.grant.pk),
        "submission": new_token(people.staff.user.pk),
    }


def errors_of(people, typed, **changes) -> dict:
    form = AssignmentForm({**typed, **changes}, actor=people.staff.actor)
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def test_a_good_assignment(people, typed):
    assert errors_of(people, typed) == {}


def test_what_is_left_out_is_said_with_how_to_mend_it(people, typed):
    left_out = dict.fromkeys(["kind", "title", "organisation", "date", "hours", "partners_wanted"], "")
    assert errors_of(people, typed, **left_out) == {
        "kind": ["Choose the kind from the list."],
        "title": ["Write in a few words what it is."],
        "organisation": ["Choose the organisation from the list."],
        "date": ["Choose the day."],
        "hours": ["Write the hours as a number, for example 2,5."],
        "partners_wanted": ["Write how many partners are wanted, from 1 to 20."],
    }


def test_what_may_be_left_out(people, typed):
    left_out = dict.fromkeys(
        ["starts_at", "place", "audience", "audience_size", "target", "orderer_amount"], ""
    )
    assert errors_of(people, typed, **left_out) == {}


def test_the_project_pays_from_a_grant(people, typed):
    assert errors_of(people, typed, grant="") == {
        "grant": ["The project pays: choose the grant from which it pays."]
    }


def test_when_the_orderer_pays_the_suggested_grant_does_not_matter(people, typed):
    assert errors_of(people, typed, payer="orderer") == {}
    assert errors_of(people, typed, payer="orderer", grant="") == {}


def test_the_grant_covers_the_day(people, typed):
    over = GrantFactory(ends_on=today() - DAY)
    assert errors_of(people, typed, grant=str(over.pk)) == {
        "grant": ["This grant does not cover that day. Choose another."]
    }


def test_the_organisation_exists_on_the_day(people, typed):
    ending = OrganisationFactory(valid_to=today())
    assert errors_of(people, typed, organisation=str(ending.pk)) == {
        "organisation": ["This organisation does not work with us on that day. Choose another."]
    }


def test_the_lists_hold_what_is_in_use_today(people):
    gone = OrganisationFactory(valid_to=today() - DAY)
    unused = AssignmentKindFactory(is_active=False)
    form = AssignmentForm(actor=people.staff.actor)
    assert gone not in form.fields["organisation"].queryset
    assert people.own.organisation in form.fields["organisation"].queryset
    assert unused not in form.fields["kind"].queryset
    assert people.common.kind in form.fields["kind"].queryset


def test_the_only_running_grant_is_chosen_beforehand(people):
    Grant.objects.exclude(pk=people.common.grant.pk).update(ends_on=today() - DAY)
    assert AssignmentForm(actor=people.staff.actor)["grant"].initial == people.common.grant.pk
    GrantFactory()
    assert AssignmentForm(actor=people.staff.actor)["grant"].initial is None


def test_hours_are_sensible(people, typed):
    for hours in ("0", "0,4", "101", "2,55", "long", ""):
        assert set(errors_of(people, typed, hours=hours)) == {"hours"}, hours


# --- Who pays ---------------------------------------------------------------------------------------------
def cleaned(people, typed, **changes) -> dict:
    form = AssignmentForm({**typed, **changes}, actor=people.staff.actor)
    assert form.errors == {}
    return form.cleaned_data


def test_the_orderers_sum_is_kept_only_where_the_orderer_pays(people, typed):
    ours = cleaned(people, typed, orderer_amount="250,50")
    theirs = cleaned(people, typed, orderer_amount="250,50", payer="orderer")
    assert (ours["orderer_amount"], ours["grant"]) == (None, people.common.grant)
    assert (theirs["orderer_amount"], theirs["grant"]) == (Decimal("250.50"), None)


def test_a_place_holds_no_identity_code(people, typed):
    assert errors_of(people, typed, place="Luona 010203A1239") == {
        "place": ["Leave the personal identity code out. It is not needed here."]
    }


def test_what_is_no_longer_in_use_stays_in_its_own_form(people):
    kind, organisation = AssignmentKindFactory(is_active=False), OrganisationFactory(valid_to=today() - DAY)
    assignment = AssignmentFactory(kind=kind, organisation=organisation)
    form = AssignmentEditForm(actor=people.staff.actor, instance=assignment)
    assert kind in form.fields["kind"].queryset
    assert organisation in form.fields["organisation"].queryset
    other = AssignmentEditForm(actor=people.staff.actor, instance=people.own.assignment)
    assert kind not in other.fields["kind"].queryset


# --- An offer ---------------------------------------------------------------------------------------------
def test_only_ready_partners_not_yet_asked_can_be_chosen(people):
    assignment = AssignmentFactory()
    asked, taken_back, resting, unready, free = (
        ready_partner(),
        ready_partner(),
        ready_partner(is_available=False),
        ExperiencePartnerFactory(),
        ready_partner(),
    )
    ParticipationFactory(assignment=assignment, partner=asked)
    ParticipationFactory(assignment=assignment, partner=taken_back, status="cancelled")
    ParticipationFactory(partner=free)  # asked to another assignment
    choices = set(OfferForm(actor=people.staff.actor, assignment=assignment).fields["partners"].queryset)
    assert {free, resting, taken_back, people.own.partner} <= choices
    assert not choices & {asked, unready}


def offered(people, **changes) -> OfferForm:
    typed = {
        "partners": [str(people.own.partner.pk)],
        "paid": "fee",
        "fee_amount": "80",
        "submission": new_token(people.staff.user.pk),
    }
    return OfferForm({**typed, **changes}, actor=people.staff.actor, assignment=AssignmentFactory())


def test_a_fee_is_more_than_nothing(people):
    for fee in ("0", "-5", "", "much"):
        assert set(offered(people, fee_amount=fee).errors) == {"fee_amount"}, fee


def test_volunteering_has_no_fee_whatever_stands_in_the_field(people):
    for fee in ("80", ""):
        form = offered(people, paid="volunteering", fee_amount=fee)
        assert form.errors == {}
        assert form.cleaned_data["fee_amount"] is None


def test_somebody_is_asked(people):
    assert set(offered(people, partners=[]).errors) == {"partners"}
    assert set(offered(people, partners=["no such id"]).errors) == {"partners"}


# --- Sending back -----------------------------------------------------------------------------------------
def test_sending_back_needs_words(people):
    for words in ("", "   ", "x" * 201):
        typed = {"because": words, "submission": new_token(people.staff.user.pk)}
        assert set(RejectForm(typed, actor=people.staff.actor).errors) == {"because"}
