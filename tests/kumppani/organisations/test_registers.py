"""The registers of organisations and grants: kept by staff and administrator, dated, never in a circle."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from kumppani.accounts.models import User
from kumppani.audit.models import Action, AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved
from kumppani.organisations import services
from kumppani.organisations.models import Grant, Organisation
from kumppani.organisations.views import in_time
from tests.factories.organisations import GrantFactory, OrganisationFactory


@pytest.fixture(autouse=True)
def english(db):
    with translation.override("en"):
        yield


@pytest.fixture
def people(people):
    User.objects.update(language="en")
    return people


def days(count: int) -> datetime.date:
    return today() + datetime.timedelta(days=count)


def facts(client, url: str, /, **changed) -> dict:
    """What the form sends, filled in as it was drawn."""
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    return {name: value for name, value in {**sent, **changed}.items() if value is not None}


# --- organisations ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("keeper", ["staff", "administrator"])
def test_an_organisation_is_written_into_the_register(people, keeper):
    client, url = people.client_for(keeper), reverse("organisation_create")
    sent = facts(client, url, name="Kaukalan hyvinvointialue", kind="county", is_project_partner="on")
    response = client.post(url, sent)
    found = Organisation.objects.get(name="Kaukalan hyvinvointialue")
    assert (response.status_code, response.url) == (302, reverse("organisation_list"))
    assert (found.kind, found.is_project_partner, found.valid_from) == ("county", True, None)
    trace = AuditEvent.objects.get(object_id=found.pk)
    assert (trace.action, trace.actor_role) == (Action.CREATE, keeper)


def test_a_new_organisation_continues_the_work_of_an_earlier_one(people):
    earlier = OrganisationFactory(name="Kaukalan kunta", valid_to=days(-1))
    client, url = people.staff.client(), reverse("organisation_create")
    sent = facts(client, url, name="Kaukalan alue", kind="county", predecessor=earlier.pk, valid_from=today())
    client.post(url, sent)
    assert Organisation.objects.get(name="Kaukalan alue").predecessor == earlier
    page = client.get(reverse("organisation_list"), {"name": "Kaukalan"})
    assert [(row.name, row.word) for row in page.context["rows"]] == [
        ("Kaukalan alue", "now"),
        ("Kaukalan kunta", "over"),
    ]


def test_organisations_do_not_continue_each_other_in_a_circle(people):
    """Control: leave `_comes_before` out of the service."""
    first = OrganisationFactory()
    second = OrganisationFactory(predecessor=first)
    first.predecessor = OrganisationFactory(predecessor=second)
    with pytest.raises(ValidationError) as refused:
        services.save_organisation(organisation=first, by=people.staff.actor, seen_version=1)
    assert list(refused.value.message_dict) == ["predecessor"]
    client, url = people.staff.client(), reverse("organisation_edit", args=[second.pk])
    itself = client.post(url, facts(client, url, predecessor=second.pk))
    assert list(itself.context["form"].errors) == ["predecessor"]


def test_a_name_stands_in_the_register_once(people):
    OrganisationFactory(name="Mallilan kunta")
    client, url = people.staff.client(), reverse("organisation_create")
    response = client.post(url, facts(client, url, name="Mallilan kunta", kind="municipality"))
    assert response.status_code == 422
    assert "There is an organisation with this name already." in str(response.context["form"].errors)


def test_the_last_day_is_not_before_the_first(people):
    client, url = people.staff.client(), reverse("organisation_create")
    sent = facts(client, url, name="Uusi", kind="ngo", valid_from=days(2), valid_to=days(1))
    response = client.post(url, sent)
    assert response.status_code == 422
    assert "The last day cannot be before the first day." in str(response.context["form"].errors)


def test_of_two_who_change_an_organisation_the_second_is_told(people):
    organisation = OrganisationFactory()
    client, url = people.staff.client(), reverse("organisation_edit", args=[organisation.pk])
    first, second = facts(client, url, name="Ensimmäinen"), facts(client, url, name="Toinen")
    assert [client.post(url, sent).status_code for sent in (first, second)] == [302, 409]
    organisation.refresh_from_db()
    assert (organisation.name, organisation.version) == ("Ensimmäinen", 2)
    with pytest.raises(AlreadyMoved):
        services.save_organisation(organisation=organisation, by=people.staff.actor, seen_version=1)


def test_the_register_is_narrowed_by_name_and_kind(people):
    ngo = OrganisationFactory(name="Kivikon yhdistys", kind="ngo")
    OrganisationFactory(name="Kivikon kunta", kind="municipality")
    client = people.staff.client()
    for asked, expected in (
        ({"name": "kivikon", "kind": "ngo"}, [ngo.name]),
        ({"name": "kivikon"}, ["Kivikon kunta", ngo.name]),
        ({"name": "no such"}, []),
    ):
        page = client.get(reverse("organisation_list"), asked)
        assert [row.name for row in page.context["rows"]] == expected


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [
        (None, None, "now"),
        (0, 0, "now"),
        (1, None, "coming"),
        (None, -1, "over"),
        (-5, -1, "over"),
        (1, 2, "coming"),
    ],
)
def test_what_is_over_and_what_is_coming_is_said(first, last, word):
    assert in_time(*(None if day is None else days(day) for day in (first, last)))[0] == word


# --- grants -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("keeper", ["staff", "administrator"])
def test_a_grant_is_written_into_the_register(people, keeper):
    client, url = people.client_for(keeper), reverse("grant_create")
    sent = facts(
        client,
        url,
        name="Avustus 2027",
        funder="Esimerkkirahasto",
        code="AV-2027",
        cost_centre="4711",
        starts_on="2027-01-01",
        ends_on="2027-12-31",
    )
    assert client.post(url, sent).status_code == 302
    grant = Grant.objects.get(code="AV-2027")
    assert (grant.cost_centre, grant.ends_on) == ("4711", datetime.date(2027, 12, 31))


def test_a_grant_is_changed(people):
    client, url = people.staff.client(), reverse("grant_edit", args=[people.common.grant.pk])
    assert client.post(url, facts(client, url, cost_centre="0815")).status_code == 302
    assert Grant.objects.get(pk=people.common.grant.pk).cost_centre == "0815"


def test_a_funders_code_stands_in_the_register_once(people):
    client, url = people.staff.client(), reverse("grant_create")
    sent = facts(
        client, url, name="X", funder="Y", code=people.common.grant.code, starts_on=days(0), ends_on=days(1)
    )
    response = client.post(url, sent)
    assert response.status_code == 422
    assert "There is a grant with this code already." in str(response.context["form"].errors)


# --- what the database refuses, whoever writes ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: OrganisationFactory(kind="club"), "organisation_kind_known"),
        (lambda: OrganisationFactory(valid_from=days(1), valid_to=days(0)), "organisation_dates_in_order"),
        (lambda: GrantFactory(starts_on=days(1), ends_on=days(0)), "grant_dates_in_order"),
    ],
)
def test_database_refuses(make, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_database_takes_one_day(db):
    assert OrganisationFactory(valid_from=days(0), valid_to=days(0)).pk
    assert GrantFactory(starts_on=days(0), ends_on=days(0)).pk
