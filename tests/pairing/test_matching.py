"""Who is suggested for a request, in which order and with which words, and why the others are not (domain 5.4).

What a partner must have is written twice: in the database for ten thousand at once, and in words for one. The tests
hold the two against each other, case by case, and the deed against both. Control: take any one condition out of
`Demand.fitting()`, or any one sentence out of `Demand.hindrances()`.
"""

import datetime
import itertools
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import translation

from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import day
from pairing import services
from pairing.matching import SHOWN, Demand, candidates, hindrances_of, lies_within, same_area, touches
from pairing.models import (
    Commitment,
    ContactRequest,
    Exclusion,
    ExperiencePartner,
    Parent,
    Relationship,
)
from pairing.states import RequestStatus
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    CommitmentTextFactory,
    ContactRequestFactory,
    ExclusionFactory,
    ExperiencePartnerFactory,
    ParentFactory,
    RelationshipFactory,
    SocialWorkerFactory,
    TopicFactory,
    make_ready,
    ready_partner,
    relationship_in,
)
from tests.factories.training import CohortFactory
from tests.personas import Person
from training.models import Enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff"), "staff")


@pytest.fixture
def request_(db) -> ContactRequest:
    """A Swedish-speaking parent would like to meet in Turku."""
    CommitmentTextFactory(kind="principles", number=1)
    CommitmentTextFactory(kind="undertaking", number=1)
    return ContactRequestFactory(parent=ParentFactory(language="sv"), area="Turku")


def swedish(**fields) -> ExperiencePartner:
    """A partner whom nothing hinders."""
    return ready_partner(**{"speaks_sv": True, "area": "Turku"} | fields)


def names(found) -> list[str]:
    return [partner.first_name for partner in found]


# --- areas, as people write them ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("area", "wider", "answer"),
    [
        ("Salo", "Salo", True),
        ("salo", "SALO", True),
        ("Ähtäri", "ÄHTÄRI", True),
        ("Salo", "Turku, Salo", True),
        ("Salo", "Turku tai Salo", True),
        ("Vanha Vaasa", "Vaasa, Vanha Vaasa", True),
        ("Malmi", "Helsinki-Malmi", True),
        ("Salo", "Salonkylä", False),
        ("Ii", "Siilinjärvi", False),
        ("Turku, Salo", "Salo", False),
        ("Vanha Vaasa", "Vaasa", False),
        ("", "Turku", False),
        ("Turku", "", False),
        ("-", "Turku", False),
    ],
)
def test_an_area_lies_in_another_word_by_word(area, wider, answer):
    assert lies_within(area, wider) is answer


@pytest.mark.parametrize(
    ("areas", "wanted", "answer"),
    [
        ("Turku, Salo", "Salo", True),
        ("Turku ja Salo", "Salo", True),
        ("Åbo och Salo", "Salo", True),
        ("Turku; Salo", "Raisio / Salo", True),
        ("Turku, Salo", "Raisio", False),
        ("", "Raisio", False),
    ],
)
def test_several_areas_touch_another_when_one_of_them_does(areas, wanted, answer):
    assert touches(areas, wanted) is answer


def test_the_same_area_is_the_same_from_both_sides():
    assert same_area("Turku", "Turku, Raisio")
    assert same_area("Turku, Raisio", "Turku")
    assert not same_area("Salo", "Turku")


# --- what a partner must have ------------------------------------------------------------------------------
def _unready(request):
    return ExperiencePartnerFactory(speaks_sv=True, area="Turku")


def _half_ready(request):
    partner = swedish()
    partner.commitments.filter(text__kind="undertaking").delete()
    return partner


def _old_text(request):
    partner = swedish()
    CommitmentTextFactory(kind="principles", number=2)
    return partner


def _untrained(request):
    partner = swedish()
    Enrolment.objects.filter(pk=partner.enrolment_id).update(status="attending", completed_on=None)
    return partner


def _full(request):
    partner = swedish(max_relationships=2)
    RelationshipFactory(partner=partner)
    relationship_in("active", partner=partner)
    return partner


def _with_room(request):
    """Of three only those that are open count."""
    partner = swedish(max_relationships=2)
    RelationshipFactory(partner=partner)
    relationship_in("ended", partner=partner)
    relationship_in("no_match", partner=partner)
    return partner


def _excluded(**what):
    def make(request):
        partner = swedish()
        values = {name: value(request) if callable(value) else value for name, value in what.items()}
        ExclusionFactory(partner=partner, **values)
        return partner

    return make


def _earlier(status):
    def make(request):
        partner = swedish()
        relationship = relationship_in(status, request=request, partner=partner)
        ContactRequest.objects.filter(pk=request.pk).update(status=RequestStatus.WAITING)
        assert relationship.request_id == request.pk
        return partner

    return make


# name → (a partner, the beginning of each sentence about what is in the way: none when nothing is)
CASES = {
    "nothing in the way": (lambda request: swedish(), []),
    "no text accepted": (_unready, ["The partner is not ready yet; missing:"]),
    "one text not accepted": (_half_ready, ["The partner is not ready yet; missing:"]),
    "a newer text not accepted": (_old_text, ["The partner is not ready yet; missing:"]),
    "training not completed": (_untrained, ["The partner is not ready yet; missing:"]),
    "on a break": (lambda request: swedish(is_available=False), ["The partner is having a break."]),
    "as many as agreed": (_full, ["The partner has 2 of 2 relationships."]),
    "ended ones leave room": (_with_room, []),
    "no common language": (
        lambda request: swedish(speaks_sv=False, speaks_en=True),
        ["The partner does not speak Swedish."],
    ),
    "one common language is enough": (lambda request: swedish(speaks_fi=False, speaks_en=True), []),
    "the same family": (
        _excluded(parent=lambda request: request.parent),
        ["The two are not to be paired: same family."],
    ),
    "another family": (_excluded(parent=lambda request: ParentFactory()), []),
    "an earlier worker of the partner": (
        _excluded(kind="earlier_worker", social_worker=lambda request: request.social_worker),
        ["The two are not to be paired: the partner's own earlier social worker."],
    ),
    "another worker": (
        _excluded(kind="earlier_worker", social_worker=lambda request: SocialWorkerFactory()),
        [],
    ),
    "the same neighbourhood": (
        _excluded(kind="neighbourhood", area="TURKU"),
        ["The two are not to be paired: same neighbourhood."],
    ),
    "the partner's own wish, one of two areas": (
        _excluded(kind="own_wish", area="Salo ja Turku"),
        ["The two are not to be paired: the partner's own wish."],
    ),
    "another area": (_excluded(kind="neighbourhood", area="Turunmaa"), []),
    "said no before": (
        _earlier("no_match"),
        ["This partner has been asked already, and the two did not go on."],
    ),
    "stepped back before": (
        _earlier("declined"),
        ["This partner has been asked already, and the two did not go on."],
    ),
    "is the present partner": (
        _earlier("active"),
        ["This is the parent's present partner."],
    ),
    "is on a break with the parent": (_earlier("paused"), ["This is the parent's present partner."]),
    "was the partner": (_earlier("ended"), ["This has been the parent's partner already."]),
    "is being asked": (_earlier("acquainting"), ["This partner is being asked now."]),
    "said no to another parent": (
        lambda request: relationship_in("no_match", partner=swedish()).partner,
        [],
    ),
    "two things at once": (
        lambda request: swedish(is_available=False, speaks_sv=False),
        ["The partner is having a break.", "The partner does not speak Swedish."],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_in_the_way_is_left_out_said_and_refused(case, request_, staff):
    make, sentences = CASES[case]
    partner = make(request_)
    request_.refresh_from_db()
    said = hindrances_of(request_, partner)
    assert len(said) == len(sentences), said
    assert all(one.startswith(begins) for one, begins in zip(said, sentences, strict=True)), said
    suggested = candidates(request_, actor=staff.actor)
    assert (partner in suggested) is (sentences == [])
    if sentences:
        with pytest.raises(MoveRefused) as refused:
            services.propose_pair(request=request_, partner=partner, by=staff.actor)
        assert str(refused.value) == " ".join(said)
    else:
        services.propose_pair(request=request_, partner=partner, by=staff.actor)
        assert partner.relationships.get(request=request_).status == "acquainting"


def test_a_request_without_an_area_meets_no_excluded_area(request_, staff):
    ContactRequest.objects.filter(pk=request_.pk).update(area="")
    request_.refresh_from_db()
    partner = _excluded(kind="own_wish", area="Turku")(request_)
    assert candidates(request_, actor=staff.actor) == [partner]


def test_a_request_whose_people_are_not_known_is_completed_first(request_, staff):
    request = ContactRequest(by="parent", is_public=True, language="sv", parent_agrees=True, parent_name="A")
    request.full_clean()
    request.save()
    partner = swedish()
    (said,) = services.pair_hindrances(request=request, partner=partner)
    assert said.startswith("First complete the request")
    with pytest.raises(MoveRefused):
        services.propose_pair(request=request, partner=partner, by=staff.actor)


def test_the_database_and_the_words_agree_on_every_mixture(request_):
    """Nine things, each there or not: all mixtures in which at most two are missing, and a quarter of the others."""
    other = SimpleNamespace(parent=ParentFactory(), request=ContactRequestFactory())
    wanted = {}
    for number, there in enumerate(itertools.product([True, False], repeat=9)):
        if there.count(False) > 2 and number % 4:
            continue
        ready, available, speaks, room, family, worker, area, asked, elsewhere = there
        partner = ExperiencePartnerFactory(
            speaks_sv=speaks, is_available=available, max_relationships=1, area="Salo"
        )
        if ready:
            make_ready(partner)
        if not room:
            RelationshipFactory(partner=partner)
        if not family:
            ExclusionFactory(partner=partner, parent=request_.parent)
        if not worker:
            ExclusionFactory(partner=partner, kind="earlier_worker", social_worker=request_.social_worker)
        if not area:
            ExclusionFactory(partner=partner, kind="neighbourhood", area="Turku")
        if not asked:
            RelationshipFactory(request=request_, partner=partner, status="no_match")
        if not elsewhere:  # what hinders nobody
            ExclusionFactory(partner=partner, parent=other.parent)
            RelationshipFactory(request=other.request, partner=partner, status="no_match")
        wanted[partner.pk] = all(there[:8])
    demand = Demand(request_)
    in_database = set(demand.fitting(ExperiencePartner.objects.all()).values_list("pk", flat=True))
    in_words = {
        partner.pk
        for partner in demand.facing(ExperiencePartner.objects.all())
        if not demand.hindrances(partner)
    }
    assert in_database == in_words == {pk for pk, fits in wanted.items() if fits}
    assert len(wanted) > 100


# --- the order, and the words ------------------------------------------------------------------------------
def ended(partner, days_ago: int):
    relationship_in(
        "ended",
        partner=partner,
        on=today() - datetime.timedelta(days=days_ago + 60),
        ended_on=today() - datetime.timedelta(days=days_ago),
    )
    return partner


def test_the_parents_own_wish_comes_first_whatever_speaks_for_others(request_, staff):
    swedish()
    wished = swedish(area="Rovaniemi", taken_in_on=today())
    ContactRequest.objects.filter(pk=request_.pk).update(chosen_partner=wished)
    request_.refresh_from_db()
    first = candidates(request_, actor=staff.actor)[0]
    assert (first, first.lines[0]) == (wished, "the parent's own wish")


def test_the_same_area_and_shared_themes_come_before_the_others(request_, staff):
    one, two, other = (TopicFactory(name_en=name) for name in ("with a teenager", "alone", "with a baby"))
    request_.wishes.set([one, two])
    makings = {
        "Both": ("Turku", [one, two]),
        "Near": ("Turku", [other]),
        "Knows": ("Salo", [one]),
        "Neither": ("Salo", [other]),
    }
    for name, (area, topics) in reversed(makings.items()):
        swedish(enrolment__first_name=name, area=area).topics.set(topics)
    found = candidates(request_, actor=staff.actor)
    assert names(found) == list(makings)
    assert [line for partner in found for line in partner.lines if line.startswith("knows")] == [
        "knows: with a teenager, alone",
        "knows: with a teenager",
    ]


def test_who_has_fewer_relationships_comes_before_who_has_more(request_, staff):
    busy, free = swedish(enrolment__first_name="Busy"), swedish(enrolment__first_name="Free")
    RelationshipFactory(partner=busy)
    assert names(candidates(request_, actor=staff.actor)) == ["Free", "Busy"]
    assert free in candidates(request_, actor=staff.actor)


def test_the_turn_goes_round(request_, staff):
    """Who never had one, then whose last one ended first. Control: leave `last_ended` out of the order."""
    ended(swedish(enrolment__first_name="Lately"), 10)
    ended(swedish(enrolment__first_name="Long ago"), 100)
    swedish(enrolment__first_name="Newcomer", taken_in_on=today())
    swedish(enrolment__first_name="Never", taken_in_on=today() - datetime.timedelta(days=400))
    found = candidates(request_, actor=staff.actor)
    assert names(found) == ["Never", "Newcomer", "Long ago", "Lately"]


def test_each_line_says_one_thing_and_no_number_ranks_anybody(request_, staff):
    """The words of the issue: line by line, never a score."""
    partner = swedish(area="Salo", max_relationships=3)
    busy = swedish(max_relationships=3)
    for _time in range(2):
        RelationshipFactory(partner=busy)
    back = ended(swedish(area=""), 40)
    new = swedish(area="Raisio, Turku", taken_in_on=today())
    found = {one.pk: one.lines for one in candidates(request_, actor=staff.actor)}
    since = day(today() - datetime.timedelta(days=40))
    assert found == {
        partner.pk: ["speaks Swedish", "elsewhere: Salo", "0 of 3 relationships", "has not had one yet"],
        busy.pk: ["speaks Swedish", "the same area: Turku", "2 of 3 relationships"],
        back.pk: [
            "speaks Swedish",
            "0 of 3 relationships",
            "longest without one",
            f"without one since {since}",
        ],
        new.pk: [
            "speaks Swedish",
            "the same area: Raisio, Turku",
            "0 of 3 relationships",
            "has not had one yet",
        ],
    }


def test_at_most_twenty_are_shown_and_a_looked_up_one_on_top(request_, staff):
    for _number in range(SHOWN + 2):
        swedish()
    last = swedish(area="Utsjoki", taken_in_on=today())
    shown = candidates(request_, actor=staff.actor)
    assert (len(shown), last in shown) == (SHOWN, False)
    assert candidates(request_, actor=staff.actor, also=last.pk)[0] == last


def test_a_looked_up_partner_who_does_not_fit_is_not_shown(request_, staff):
    partner = swedish(is_available=False)
    assert candidates(request_, actor=staff.actor, also=partner.pk) == []


# --- ten thousand ------------------------------------------------------------------------------------------
MANY = 10_000


def crowd(request: ContactRequest, size: int) -> None:
    """Partners of every sort, with relationships, exclusions and themes: what a country-wide programme would have."""
    texts = [CommitmentTextFactory(kind=kind, number=9) for kind in ("principles", "undertaking")]
    cohort = CohortFactory()
    areas = ["Turku", "Salo", "Raisio", "Helsinki", "Äänekoski", "Oulu"]
    enrolments = Enrolment.objects.bulk_create(
        [
            Enrolment(
                cohort=cohort,
                first_name=f"E{number}",
                last_name=f"N{number:05}",
                status="completed",
                completed_on=today(),
            )
            for number in range(size)
        ],
        batch_size=1000,
    )
    partners = ExperiencePartner.objects.bulk_create(
        [
            ExperiencePartner(
                enrolment=enrolment,
                first_name=f"E{number}",
                last_name=f"N{number:05}",
                speaks_fi=True,
                speaks_sv=number % 3 == 0,
                area=areas[number % len(areas)],
                is_available=number % 7 != 0,
                max_relationships=1 + number % 3,
                taken_in_on=today() - datetime.timedelta(days=number % 900),
            )
            for number, enrolment in enumerate(enrolments)
        ],
        batch_size=1000,
    )
    Commitment.objects.bulk_create(
        [
            Commitment(partner=partner, text=text, made_on=today())
            for number, partner in enumerate(partners)
            for text in texts[: 2 if number % 11 else 1]
        ],
        batch_size=2000,
    )
    worker = request.social_worker
    parents = Parent.objects.bulk_create(
        [
            Parent(first_name="P", case_code=f"C-{number:05}", contact_way="worker", social_worker=worker)
            for number in range(size // 2)
        ],
        batch_size=1000,
    )
    requests = ContactRequest.objects.bulk_create(
        [
            ContactRequest(
                parent=parent, social_worker=worker, by="worker", parent_agrees=True, status="matched"
            )
            for parent in parents
        ],
        batch_size=1000,
    )
    Relationship.objects.bulk_create(
        [
            Relationship(
                request=other,
                parent=other.parent,
                partner=partners[(number * 2) % size],
                social_worker=worker,
                organisation=worker.organisation,
                proposed_on=today(),
            )
            for number, other in enumerate(requests)
        ],
        batch_size=1000,
    )
    Exclusion.objects.bulk_create(
        [
            Exclusion(partner=partner, kind="own_wish", area="turku" if number % 10 else "Salo")
            for number, partner in enumerate(partners[::5])
        ],
        batch_size=1000,
    )
    topic = TopicFactory(code="a")
    request.wishes.set([topic])
    through = ExperiencePartner.topics.through
    through.objects.bulk_create(
        [through(experiencepartner=partner, topic=topic) for partner in partners[::4]], batch_size=2000
    )


# texts · all areas · the partners · their themes
QUERIES = 4


@pytest.mark.parametrize("size", [40, pytest.param(MANY, marks=pytest.mark.slow)])
def test_suggestions_cost_the_same_among_forty_and_among_ten_thousand(
    size, request_, staff, django_assert_num_queries
):
    crowd(request_, size)
    actor = staff.actor
    with django_assert_num_queries(QUERIES):
        found = candidates(request_, actor=actor)
        assert [partner.lines for partner in found]
    assert 0 < len(found) <= SHOWN
    for partner in found:
        number = int(partner.last_name[1:])
        assert partner.speaks_sv
        assert partner.is_available
        assert number % 11, "has not accepted both texts"
        assert not Exclusion.objects.filter(partner=partner, area="turku").exists()
        assert partner.relationships.count() < partner.max_relationships
    if size == MANY:
        # Nobody is passed over: the twenty are the best of all, by the same rules written once more in Python.
        fitting = [
            partner
            for partner in ExperiencePartner.objects.prefetch_related("relationships", "topics", "exclusions")
            if partner.speaks_sv
            and partner.is_available
            and int(partner.last_name[1:]) % 11
            and len(partner.relationships.all()) < partner.max_relationships
            and not any(exclusion.area == "turku" for exclusion in partner.exclusions.all())
        ]
        fitting.sort(
            key=lambda partner: (
                -(2 * (partner.area == "Turku") + len(partner.topics.all())),
                len(partner.relationships.all()),
                partner.taken_in_on,
                partner.pk,
            )
        )
        assert found == fitting[:SHOWN]


# --- why not? ----------------------------------------------------------------------------------------------
class TestWhyNot:
    def url(self, request):
        return reverse("request_not_suggested", args=[request.pk])

    def rows(self, page) -> dict[str, list[str]]:
        return {partner.first_name: partner.hindrances for partner in page.context["rows"]}

    def test_each_partner_who_is_not_suggested_has_the_reason_in_words(self, request_, staff):
        swedish(enrolment__first_name="Fits")
        swedish(enrolment__first_name="Tired", is_available=False)
        partner = swedish(enrolment__first_name="Cousin")
        ExclusionFactory(partner=partner, parent=request_.parent)
        assert self.rows(
            staff.client().get(self.url(request_), headers={"accept-language": "en"})
        ).keys() == {
            "Tired",
            "Cousin",
        }

    def test_who_fits_but_stands_behind_twenty_others_can_be_suggested(self, request_, staff):
        for _number in range(SHOWN):
            swedish()
        last = swedish(area="Utsjoki", taken_in_on=today())
        page = staff.client().get(self.url(request_))
        assert self.rows(page) == {last.first_name: []}
        link = f"{reverse('request_propose', args=[request_.pk])}?also={last.pk}"
        assert link in page.content.decode()
        form = staff.client().get(link).context["form"]
        assert form["partner"].value() == last.pk

    def test_a_name_is_found_by_its_beginning_whatever_its_letters(self, request_, staff):
        swedish(enrolment__first_name="Aino", enrolment__last_name="Äikäs", is_available=False)
        swedish(enrolment__first_name="Eero", enrolment__last_name="Muu", is_available=False)
        for typed in ("äik", "Äik", "ain"):
            page = staff.client().get(self.url(request_), {"name": typed})
            assert list(self.rows(page)) == ["Aino"], typed

    def test_a_garbled_page_or_partner_is_no_trouble(self, request_, staff):
        client = staff.client()
        assert client.get(self.url(request_), {"page": "x", "name": "\x00a"}).status_code == 200
        propose = reverse("request_propose", args=[request_.pk])
        assert client.get(propose, {"also": "x"}).status_code == 200
