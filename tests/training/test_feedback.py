"""What a cohort thinks of its training: once a person, nobody's in particular, and hidden while fewer than five.

Controls: keep the time of the answer on the link; write an audit row; show four answers; let a second letter of the
same person answer again.
"""

import pytest
from django.core import mail
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.models import Submission
from tests.factories.accounts import user_in_role
from tests.factories.training import (
    ApplicantLinkFactory,
    CohortFactory,
    CohortFeedbackFactory,
    EnrolmentFactory,
    SessionFactory,
    TrainerFactory,
)
from tests.mail import words_of, work_off_the_queue
from tests.personas import Person
from training import services
from training.models import ApplicantLink, CohortFeedback

pytestmark = pytest.mark.django_db

PAGE = "/training/feedback/"
ANSWER = {"overall": "5", "peers": "4", "ready": "3", "words": "The group was the best of it"}


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff", language="en"), "staff")


@pytest.fixture
def cohort(db):
    return CohortFactory(status="completed")


def asked(cohort, **facts) -> ApplicantLink:
    """Somebody who has completed and has been asked."""
    return ApplicantLinkFactory(
        enrolment=EnrolmentFactory(cohort=cohort, completed=True), letter="feedback", **facts
    )


def holding(client, link: ApplicantLink):
    """The client has opened the link of the letter."""
    client.get(reverse("application_open", args=[link.make_token()]), headers={"Accept-Language": "en"})
    return client


def give(client, **words):
    """Fill in the form as a person does, in a few seconds."""
    form = client.get(PAGE, headers={"Accept-Language": "en"}).context["form"]
    data = {"submission": form["submission"].value(), **ANSWER, **words}
    return client.post(PAGE, data, headers={"Accept-Language": "en"})


# --- Asking -----------------------------------------------------------------------------------------------
def test_each_who_has_completed_is_asked_once_by_letter(cohort, staff):
    done = EnrolmentFactory(cohort=cohort, completed=True, email="anna@esimerkki.example")
    EnrolmentFactory(cohort=cohort, completed=True, email="")
    EnrolmentFactory(cohort=cohort, status="discontinued")
    url = reverse("cohort_ask_feedback", args=[cohort.pk])
    page = staff.client().get(url).content.decode()
    assert "1 person gets a letter with a link." in page
    assert "1 person has no e-mail address here and gets none." in page
    assert "1 letter is on its way." in staff.client().post(url, follow=True).content.decode()
    assert list(ApplicantLink.objects.values_list("enrolment", "letter")) == [(done.pk, "feedback")]
    again = staff.client().post(url, follow=True).content.decode()
    assert "has been asked already" in again
    assert ApplicantLink.objects.count() == 1


def test_the_letter_tells_nothing_of_what_it_is_about(cohort, staff):
    EnrolmentFactory(cohort=cohort, completed=True, email="anna@esimerkki.example", first_name="Anna")
    services.ask_feedback(cohort=cohort, by=staff.actor)
    work_off_the_queue()
    (letter,) = mail.outbox
    told = words_of(letter).replace("anna@", "").lower()
    for unsaid in ("lastensuojel", "kokemuskumppan", cohort.name.lower(), "anna"):
        assert unsaid not in told


# --- Answering --------------------------------------------------------------------------------------------
def test_the_link_leads_to_the_page_and_the_answer_is_kept(cohort, client):
    link = asked(cohort)
    follow = holding(client, link).get("/training/follow/").content.decode()
    assert PAGE in follow
    response = give(client)
    assert response.url == "/training/follow/"
    found = CohortFeedback.objects.get()
    assert (found.cohort, found.overall, found.peers, found.ready, found.words) == (
        cohort,
        5,
        4,
        3,
        ANSWER["words"],
    )
    link.refresh_from_db()
    assert link.is_used


def test_one_answer_a_person_also_by_another_link_of_hers(cohort, client):
    link = asked(cohort)
    give(holding(client, link))
    assert holding(client, link).get(PAGE).status_code == 302
    other = ApplicantLinkFactory(enrolment=link.enrolment, letter="renewed")
    assert holding(client, other).get(PAGE).status_code == 302
    assert client.post(PAGE, ANSWER).status_code == 302
    assert CohortFeedback.objects.count() == 1


def test_a_form_opened_twice_makes_one_answer(cohort, client):
    link = asked(cohort)
    holding(client, link)
    tokens = [client.get(PAGE).context["form"]["submission"].value() for _two in range(2)]
    for token in tokens:
        client.post(PAGE, {"submission": token, **ANSWER})
    assert CohortFeedback.objects.count() == 1


@pytest.mark.parametrize("letter", ["accepted", "renewed"])
def test_who_has_not_been_asked_does_not_answer(cohort, client, letter):
    link = ApplicantLinkFactory(enrolment=EnrolmentFactory(cohort=cohort, completed=True), letter=letter)
    assert holding(client, link).get(PAGE).status_code == 302


def test_who_has_stopped_does_not_answer(cohort, client):
    link = ApplicantLinkFactory(
        enrolment=EnrolmentFactory(cohort=cohort, status="discontinued"), letter="feedback"
    )
    assert holding(client, link).get(PAGE).status_code == 302


def test_the_scales_are_asked_for_and_words_are_not(cohort, client):
    holding(client, asked(cohort))
    assert give(client, overall="6").status_code == 422
    assert give(client, ready="").status_code == 422
    assert give(client, words="").status_code == 302


# --- No way back from the answer to the person ------------------------------------------------------------
def test_nothing_leads_from_the_answer_to_the_person(cohort, client):
    link = asked(cohort)
    holding(client, link)
    before = ApplicantLink.objects.values("updated_at", "version").get()
    give(client)
    answer = CohortFeedback.objects.get()
    assert {field.name for field in CohortFeedback._meta.get_fields()} == {
        "id",
        "cohort",
        "overall",
        "peers",
        "ready",
        "words",
    }
    assert not AuditEvent.objects.filter(object_id=answer.pk).exists()
    assert not AuditEvent.objects.filter(object_kind="training.cohortfeedback").exists()
    assert ApplicantLink.objects.values("updated_at", "version").get() == before, "no time of the answer"
    assert set(Submission.objects.values_list("object_id", flat=True)) == {None}
    assert not AuditEvent.objects.filter(about_id=link.enrolment_id, action__in=["change", "create"]).exists()


# --- Reading ----------------------------------------------------------------------------------------------
def read(person: Person, cohort):
    return person.client().get(reverse("cohort_feedback", args=[cohort.pk]))


def test_four_answers_are_hidden_and_five_are_shown(cohort, staff):
    session = SessionFactory(cohort=cohort)
    trainer = Person("trainer", user_in_role("trainer", language="en"), "trainer")
    session.trainers.add(TrainerFactory(user=trainer.user))
    for number in range(4):
        CohortFeedbackFactory(cohort=cohort, words=f"Thought {number}")
    CohortFeedbackFactory(words="Elsewhere")
    for person in (staff, trainer):
        page = read(person, cohort).content.decode()
        assert "Too few answers to show" in page
        assert "Thought" not in page
        assert "4 answers" not in page
    CohortFeedbackFactory(cohort=cohort, overall=1, words="")
    for person in (staff, trainer):
        response = read(person, cohort)
        page = response.content.decode()
        assert "5 answers" in page
        assert "Elsewhere" not in page
        assert response.context["words"] == [f"Thought {number}" for number in range(4)]


def test_counts_and_means_are_those_of_the_answers(cohort, staff):
    for overall in (5, 5, 4, 2, 1):
        CohortFeedbackFactory(cohort=cohort, overall=overall)
    scale = read(staff, cohort).context["scales"][0]
    assert scale["mean"] == "3.4"
    assert [step["count"] for step in scale["steps"]] == [2, 1, 0, 1, 1]


def test_words_stand_in_no_order_of_coming(cohort, staff):
    for words in ("Zebra", "Apple", "Moon", "Berry", "Night"):
        CohortFeedbackFactory(cohort=cohort, words=words)
    assert read(staff, cohort).context["words"] == ["Apple", "Berry", "Moon", "Night", "Zebra"]
