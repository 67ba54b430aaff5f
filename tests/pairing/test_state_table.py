"""The life of a relationship, written out by hand: state × action × role → may it be done, and what comes of it.

Nothing here is read from the code. A cell names who may do it: s staff, w the parent's social worker, p the partner,
v the parent (vanhempi). Whoever is not named must not get anything done: not by posting the form, which is sent
whole and signed as if the page had been open, and not by the deed itself. Outsiders of every role are tried as well.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.core.submissions import new_token
from pairing import services
from pairing.models import (
    Acknowledgement,
    AcquaintanceMeeting,
    Agreement,
    Decision,
    Meeting,
    PairAnswer,
    Party,
    Pause,
    Relationship,
    Review,
    StartMeeting,
    Wish,
)
from tests.factories.accounts import user_in_role
from tests.factories.organisations import OrganisationFactory
from tests.factories.pairing import (
    AgreementFactory,
    GoalFactory,
    LegalGroundFactory,
    ParentFactory,
    SocialWorkerFactory,
    StartMeetingFactory,
    ready_partner,
    relationship_in,
)
from tests.personas import Person

pytestmark = pytest.mark.django_db

STATES = (
    "acquainting",
    "proposed",
    "decided",
    "active",
    "paused",
    "ended",
    "no_match",
    "declined",
    "refused",
)

TABLE = """
#                 acquainting proposed decided active paused ended no_match declined refused
say_yes           swpv        .        .       .      .      .     .        .        .
say_no            swpv        .        .       .      .      .     .        .        .
log_acquaintance  p           p        p       .      .      .     .        .        .
step_back         swpv        swpv     swpv    .      .      .     .        .        .
decide_yes        .           w        w       w      w      .     .        .        .
decide_no         .           w        w       .      .      .     .        .        .
open_start        .           .        w       .      .      .     .        .        .
accept            .           .        wpv     wpv    wpv    .     .        .        .
propose_agreement .           .        .       w      w      .     .        .        .
plan_meeting      .           .        .       p      .      .     .        .        .
log_meeting       .           .        .       p      p      .     .        .        .
pause             .           .        .       swpv   .      .     .        .        .
resume            .           .        .       .      swpv   .     .        .        .
wish              .           .        .       swpv   swpv   .     .        .        .
add_review        .           .        .       sw     sw     sw    .        .        .
change_partner    .           .        .       s      s      .     .        .        .
end               .           .        .       swpv   swpv   .     .        .        .
"""

# What the state is afterwards, where the action moves it; the others leave it as it is.
BECOMES = {
    "say_no": {"acquainting": "no_match"},
    "step_back": {"acquainting": "no_match", "proposed": "declined", "decided": "declined"},
    "decide_yes": {"proposed": "decided"},
    "decide_no": {"proposed": "refused", "decided": "refused"},
    "pause": {"active": "paused"},
    "resume": {"paused": "active"},
    "change_partner": {"active": "ended", "paused": "ended"},
    "end": {"active": "ended", "paused": "ended"},
}

MOVES = {
    ("acquainting", "proposed"),
    ("acquainting", "no_match"),
    ("proposed", "decided"),
    ("proposed", "refused"),
    ("proposed", "declined"),
    ("decided", "active"),
    ("decided", "refused"),
    ("decided", "declined"),
    ("active", "paused"),
    ("active", "ended"),
    ("paused", "active"),
    ("paused", "ended"),
}
LETTERS = {"staff": "s", "worker": "w", "partner": "p", "parent": "v"}


def _cells() -> dict[tuple[str, str], set[str]]:
    cells = {}
    for line in TABLE.strip().splitlines()[1:]:
        action, *who = line.split()
        for state, letters in zip(STATES, who, strict=True):
            cells[action, state] = {name for name, letter in LETTERS.items() if letter in letters}
    return cells


CELLS = _cells()


class Scene:
    """One relationship in a state, its people, and outsiders of every role."""

    def __init__(self, state: str):
        partner = ready_partner(user=user_in_role("partner"))
        parent = ParentFactory(user=user_in_role("parent"))
        self.relationship = relationship_in(state, partner=partner, request__parent=parent)
        if state == "paused":
            Pause.objects.create(relationship=self.relationship, starts_on=today(), asked_by="parent")
        self.other_partner = ready_partner(user=user_in_role("partner"))
        worker, other_worker = parent.social_worker, SocialWorkerFactory(organisation=OrganisationFactory())
        self.ground = LegalGroundFactory()
        self.people = {
            "staff": Person("staff", user_in_role("staff"), "staff"),
            "worker": Person("worker", worker.user, "social_worker"),
            "partner": Person("partner", partner.user, "partner"),
            "parent": Person("parent", parent.user, "parent"),
            "other_worker": Person("other_worker", other_worker.user, "social_worker"),
            "other_partner": Person("other_partner", self.other_partner.user, "partner"),
            "other_parent": Person("other_parent", ParentFactory(user=user_in_role("parent")).user, "parent"),
            "trainer": Person("trainer", user_in_role("trainer"), "trainer"),
            "administrator": Person("administrator", user_in_role("administrator"), "administrator"),
        }

    def add_open_agreement(self) -> None:
        """Something to accept: the start meeting's agreement, or an extension of the one in force."""
        if not hasattr(self.relationship, "start_meeting"):
            StartMeetingFactory(
                relationship=self.relationship, worker_present=True, partner_present=True, parent_present=True
            )
        number = self.relationship.agreements.count() + 1
        agreement = AgreementFactory(
            relationship=self.relationship, number=number, kind="start" if number == 1 else "extension"
        )
        GoalFactory(agreement=agreement)

    def open_agreement(self) -> Agreement:
        return Agreement.objects.get(relationship=self.relationship, agreed_on=None, withdrawn_on=None)

    def fresh(self) -> Relationship:
        return Relationship.objects.with_people().with_start().get(pk=self.relationship.pk)

    def seen(self) -> tuple:
        """All that an action could have changed."""
        of_this = {"relationship": self.relationship}
        return (
            Relationship.objects.get(pk=self.relationship.pk).status,
            Relationship.objects.count(),
            Acknowledgement.objects.filter(agreement__relationship=self.relationship).count(),
            *(
                model.objects.filter(**of_this).count()
                for model in (
                    PairAnswer,
                    AcquaintanceMeeting,
                    Decision,
                    StartMeeting,
                    Agreement,
                    Meeting,
                    Pause,
                    Wish,
                    Review,
                )
            ),
        )


@dataclass(frozen=True)
class Deed:
    """How an action is sent as a form, and how it is done past the form."""

    url_name: str
    words: Callable[[Scene, str], dict]
    do: Callable[[Scene, object, str], object]
    prepare: Callable[[Scene], None] = lambda scene: None
    about: Callable[[Scene], object] = lambda scene: scene.relationship.pk


def decision_words(outcome: str):
    def words(scene: Scene, who: str) -> dict:
        return {
            "outcome": outcome,
            "made_on": today().isoformat(),
            "reference": "P-100",
            "legal_ground": scene.ground.pk,
            "valid_from": today().isoformat(),
            "valid_to": (today() + datetime.timedelta(days=200)).isoformat(),
            "funding": "organiser",
        }

    return words


def decide(positive: bool):
    def do(scene: Scene, actor, who: str):
        valid = (
            {
                "valid_from": today(),
                "valid_to": today() + datetime.timedelta(days=200),
                "funding": "organiser",
            }
            if positive
            else {"valid_from": None, "valid_to": None, "funding": ""}
        )
        return services.record_decision(
            relationship=scene.fresh(),
            by=actor,
            is_positive=positive,
            made_on=today(),
            reference="P-100",
            legal_ground=scene.ground,
            grant=None,
            **valid,
        )

    return do


def side(who: str) -> str:
    """For whom this role answers."""
    return "partner" if who in ("staff", "partner", "other_partner") else "parent"


def party(who: str) -> str:
    return {"partner": Party.PARTNER, "parent": Party.PARENT}.get(who.removeprefix("other_"), Party.WORKER)


def propose(scene: Scene, actor, who: str):
    in_force = scene.fresh().agreement_in_force()
    return services.propose_agreement(
        relationship=scene.fresh(),
        kind="change",
        facts={
            "ends_on": today() + datetime.timedelta(days=60),
            "meetings_per_month": 3,
        },
        goals=[("Saan unta", "parenthood")],
        by=actor,
        seen_number=in_force.number if in_force else 0,
    )


def meeting_facts(day: datetime.date) -> dict:
    return {"date": day, "kind": "peer", "place": "cafe"}


DEEDS = {
    "say_yes": Deed(
        "relationship_answer",
        lambda scene, who: {"party": side(who), "answer": "yes"},
        lambda scene, actor, who: services.answer_pair(
            relationship=scene.fresh(), party=side(who), yes=True, by=actor
        ),
    ),
    "say_no": Deed(
        "relationship_answer",
        lambda scene, who: {"party": side(who), "answer": "no"},
        lambda scene, actor, who: services.answer_pair(
            relationship=scene.fresh(), party=side(who), yes=False, by=actor
        ),
    ),
    "log_acquaintance": Deed(
        "acquaintance_log",
        lambda scene, who: {"date": today().isoformat(), "length": "60", "place": "cafe"},
        lambda scene, actor, who: services.log_acquaintance(
            relationship=scene.fresh(), by=actor, date=today(), minutes=60, place="cafe"
        ),
    ),
    "step_back": Deed(
        "relationship_step_back",
        lambda scene, who: {},
        lambda scene, actor, who: services.step_back(relationship=scene.fresh(), by=actor),
    ),
    "decide_yes": Deed("relationship_decide", decision_words("positive"), decide(True)),
    "decide_no": Deed("relationship_decide", decision_words("negative"), decide(False)),
    "open_start": Deed(
        "start_meeting",
        lambda scene, who: {"open": "1"},
        lambda scene, actor, who: services.open_start_meeting(relationship=scene.fresh(), by=actor),
    ),
    "accept": Deed(
        "agreement_acknowledge",
        lambda scene, who: {"seen_revision": "1"},
        lambda scene, actor, who: services.acknowledge(
            agreement=scene.open_agreement(), party=party(who), how="sign_in", by=actor
        ),
        prepare=Scene.add_open_agreement,
        about=lambda scene: scene.open_agreement().pk,
    ),
    "propose_agreement": Deed(
        "agreement_propose",
        lambda scene, who: {
            "kind": "change",
            "starts_on": today().isoformat(),
            "ends_on": (today() + datetime.timedelta(days=60)).isoformat(),
            "meetings_per_month": "3",
            "goal_1": "Saan unta",
            "area_1": "parenthood",
            "seen_number": "1",
        },
        propose,
    ),
    "plan_meeting": Deed(
        "meeting_plan",
        lambda scene, who: {"date": today().isoformat(), "kind": "peer", "place": "cafe"},
        lambda scene, actor, who: services.plan_meeting(
            relationship=scene.fresh(), by=actor, **meeting_facts(today())
        ),
    ),
    "log_meeting": Deed(
        "meeting_log",
        lambda scene, who: {"date": today().isoformat(), "kind": "peer", "place": "cafe", "length": "60"},
        lambda scene, actor, who: services.log_meeting(
            relationship=scene.fresh(), by=actor, minutes=60, **meeting_facts(today())
        ),
    ),
    "pause": Deed(
        "relationship_pause",
        lambda scene, who: {"asked_by": "parent"},
        lambda scene, actor, who: services.pause_relationship(relationship=scene.fresh(), by=actor),
    ),
    "resume": Deed(
        "relationship_resume",
        lambda scene, who: {},
        lambda scene, actor, who: services.resume_relationship(relationship=scene.fresh(), by=actor),
    ),
    "wish": Deed(
        "relationship_wish",
        lambda scene, who: {"kind": "change", "party": "parent"},
        lambda scene, actor, who: services.make_wish(
            relationship=scene.fresh(), kind="change", by=actor, party="parent" if who == "staff" else None
        ),
    ),
    "add_review": Deed(
        "review_add",
        lambda scene, who: {},
        lambda scene, actor, who: services.add_review(relationship=scene.fresh(), by=actor),
    ),
    "change_partner": Deed(
        "relationship_change_partner",
        lambda scene, who: {"partner": scene.other_partner.pk},
        lambda scene, actor, who: services.change_partner(
            relationship=scene.fresh(), partner=scene.other_partner, by=actor
        ),
    ),
    "end": Deed(
        "relationship_end",
        lambda scene, who: {"ended_by": "parent"},
        lambda scene, actor, who: services.end_relationship(relationship=scene.fresh(), by=actor),
    ),
}


def test_every_action_has_its_row_and_its_deed():
    assert {action for action, _state in CELLS} == set(DEEDS)


def scene_for(action: str, state: str) -> Scene:
    scene = Scene(state)
    if action != "accept" or state not in (
        "ended",
        "no_match",
        "declined",
        "refused",
        "acquainting",
        "proposed",
    ):
        DEEDS[action].prepare(scene)
    else:
        # Nothing to accept is open in these states; what was agreed before, if anything, is what somebody may try on.
        scene.add_open_agreement()
    return scene


def deviations(action: str, state: str, attempt: Callable[[Scene, str], None]) -> list[str]:
    """Everybody tries, each on a clean table; what differs from the table, in words."""
    scene, found = scene_for(action, state), []
    for who in scene.people:
        before = scene.seen()
        expected = who in CELLS[action, state]
        with transaction.atomic():
            said = attempt(scene, who)
            after = scene.seen()
            transaction.set_rollback(True)
        done = after != before
        if done != expected:
            found.append(f"{who}: expected {'done' if expected else 'refused'}, was not so ({said})")
        elif done and after[0] != BECOMES.get(action, {}).get(state, state):
            found.append(f"{who}: became {after[0]}")
    return found


@pytest.mark.parametrize(("action", "state"), CELLS)
def test_through_the_form(action, state):
    def post(scene: Scene, who: str) -> str:
        deed, person = DEEDS[action], scene.people[who]
        answer = person.client().post(
            reverse(deed.url_name, args=[deed.about(scene)]),
            {**deed.words(scene, who), "submission": new_token(person.user.pk)},
        )
        form = (answer.context or {}).get("form") if answer.status_code in (409, 422) else None
        return f"{answer.status_code} {dict(form.errors) if form is not None else ''}"

    assert deviations(action, state, post) == []


# Whose yes or no it is, is asked by the view: see test_only_ones_own_side_is_answered_for.
@pytest.mark.parametrize(("action", "state"), [cell for cell in CELLS if not cell[0].startswith("say_")])
def test_through_the_deed(action, state):
    def do(scene: Scene, who: str) -> str:
        try:
            with transaction.atomic():
                DEEDS[action].do(scene, scene.people[who].actor, who)
        except (MoveRefused, ValidationError, PermissionDenied) as refused:
            return str(refused)
        return "done"

    assert deviations(action, state, do) == []


@pytest.mark.parametrize("state", STATES)
def test_only_ones_own_side_is_answered_for(state):
    sides = {
        "staff": ["partner", "parent"],
        "worker": ["parent"],
        "partner": ["partner"],
        "parent": ["parent"],
    }
    scene = Scene("acquainting" if state == "acquainting" else state)
    if state != "acquainting":
        sides = {}
    relationship = scene.fresh()
    relationship.answers.all().delete()
    for who, person in scene.people.items():
        assert scene.fresh().may_answer_for(person.actor) == sides.get(who, []), who


@pytest.mark.parametrize(
    ("old", "new"), [(old, new) for old in STATES for new in STATES if (old, new) not in MOVES]
)
def test_a_move_that_is_not_in_the_table_is_refused_by_the_model(old, new):
    scene = Scene(old)
    with pytest.raises(MoveRefused):
        scene.relationship.move_to(new, by=scene.people["staff"].actor)
    assert Relationship.objects.get(pk=scene.relationship.pk).status == old


@pytest.mark.parametrize(("old", "new"), sorted(MOVES))
def test_a_move_of_the_table_is_known_to_the_model(old, new):
    assert Relationship(status=old).may_move_to(new)
