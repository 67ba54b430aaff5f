"""The two cohorts of the pilot time, five months and 100 hours each (B8–B13), two around today, and one to apply to."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kumppani.accounts.actor import Actor
from kumppani.core.dates import add_months
from kumppani.home.demo.book import History, at, demo_id, taking_turns, working_day, write
from kumppani.home.demo.organisations import Payers
from kumppani.home.demo.people import TRAINER, Cast
from kumppani.organisations.models import Grant
from training.models import Attendance, Cohort, CohortFeedback, Enrolment, Session, SessionKind, Trainer
from training.states import CohortStatus, EnrolmentStatus

SESSION_HOURS = Decimal(5)
BEGINS, ENDS = datetime.time(9, 0), datetime.time(14, 0)
ROOM = "Kumppanitalo, Esimerkkikatu 1, Turku"

TRAINERS = {
    "lawyer": (f"{TRAINER.first_name} {TRAINER.last_name}", "Lakimies, erikoistunut lastensuojelulakiin"),
    "doctor": ("Eevi Olematon", "Valtiotieteiden tohtori, väitellyt sosiaalityöstä"),
    "peer": ("Paula Esimerkki", "Kokemusasiantuntija, vertaisryhmien ohjaaja"),
    "supervisor": ("Kalle Keksitty", "Työnohjaaja"),
}

# Twenty sessions of five hours: (kind, theme, trainers).
PROGRAMME = [
    (SessionKind.PEER, "Tutustuminen ja ryhmän pelisäännöt", ["peer"]),
    (SessionKind.LECTURE, "Mikä on lastensuojelu: asiakkuus, palvelut ja käsitteet", ["doctor"]),
    (SessionKind.LECTURE, "Lastensuojelulaki ja vanhemman oikeudet", ["lawyer"]),
    (SessionKind.OWN_EXPERIENCE, "Oma tarina työvälineenä I", ["peer"]),
    (SessionKind.LECTURE, "Avohuollon tukitoimet ja asiakassuunnitelma", ["lawyer"]),
    (SessionKind.VISIT, "Tutustumiskäynti: lastensuojelujärjestöt", []),
    (SessionKind.PEER, "Häpeä ja itsemyötätunto", ["peer", "doctor"]),
    (SessionKind.LECTURE, "Sosiaalityöntekijän työ ja päätöksenteko", ["doctor"]),
    (SessionKind.LECTURE, "Sijaishuolto ja jälkihuolto", ["lawyer"]),
    (SessionKind.VISIT, "Tutustumiskäynti: kunnan lastensuojelu", []),
    (SessionKind.OWN_EXPERIENCE, "Oma tarina työvälineenä II", ["peer"]),
    (SessionKind.ETHICS, "Salassapito, vaitiolo ja ilmoitusvelvollisuus", ["lawyer"]),
    (SessionKind.SUPERVISION, "Työnohjaus: omat rajat ja jaksaminen", ["supervisor"]),
    (SessionKind.LECTURE, "Vertaistuki tutkimuksen valossa", ["doctor"]),
    (SessionKind.PEER, "Kuunteleminen ja kysyminen", ["peer"]),
    (SessionKind.VISIT, "Tutustumiskäynti: perhekuntoutus", []),
    (SessionKind.LECTURE, "Systeeminen lastensuojelu", ["doctor"]),
    (SessionKind.PEER, "Aloitustapaamisen harjoittelu kolmestaan", ["peer", "doctor"]),
    (SessionKind.SUPERVISION, "Työnohjaus: eettiset periaatteet käytännössä", ["supervisor"]),
    (SessionKind.PEER, "Päätös, todistukset ja seuraavat askeleet", ["peer", "lawyer"]),
]

C, D, R, A = (
    EnrolmentStatus.COMPLETED,
    EnrolmentStatus.DISCONTINUED,
    EnrolmentStatus.REJECTED,
    EnrolmentStatus.ATTENDING,
)
AUTUMN = [
    ("Aino", "Esimerkki", "fi", C),
    ("Leo", "Olematon", "fi", C),
    ("Kaisa", "Kuvitteellinen", "fi", C),
    ("Merja", "Keksitty", "fi", C),
    ("Hannu", "Esimerkki", "fi", C),
    ("Sirpa", "Olematon", "fi", C),
    ("Ulla", "Exempel", "sv", C),
    ("Jarkko", "Keksitty", "fi", C),
    ("Tarja", "Kuvitteellinen", "fi", C),
    ("Nina", "Påhittad", "sv", C),
    # Completed the training and went another way: nobody becomes a partner by itself.
    ("Outi", "Olematon", "fi", C),
    ("Veikko", "Esimerkki", "fi", D),
    ("Sari", "Keksitty", "fi", R),
]
SPRING = [
    ("Anneli", "Olematon", "fi", C),
    ("Birgitta", "Exempel", "sv", C),
    ("Esko", "Keksitty", "fi", C),
    ("Heidi", "Esimerkki", "fi", C),
    ("Ilona", "Kuvitteellinen", "fi", C),
    ("Kirsi", "Keksitty", "fi", C),
    ("Lotta", "Påhittad", "sv", C),
    ("Markus", "Olematon", "fi", C),
    ("Päivi", "Esimerkki", "fi", C),
    ("Riku", "Keksitty", "fi", D),
]
RECENT = [
    ("Saara", "Keksitty", "fi", C),
    ("Timo", "Esimerkki", "fi", C),
    ("Ulrika", "Exempel", "sv", C),
    ("Vesa", "Olematon", "fi", D),
]
PRESENT = [
    ("Elli", "Kuvitteellinen", "fi", A),
    ("Ilpo", "Keksitty", "fi", A),
    ("Jaana", "Olematon", "fi", A),
    ("Kristian", "Påhittad", "sv", A),
]


@dataclass
class School:
    """What the training has brought forth: enrolments by first name."""

    by: Actor
    enrolments: dict[str, Enrolment] = field(default_factory=dict)
    trainers: dict[str, Trainer] = field(default_factory=dict)
    history: History = field(default_factory=History)


def teach(payers: Payers, cast: Cast, today: datetime.date) -> School:
    """Make trainers, cohorts, sessions, enrolments and attendances."""
    school = School(by=cast.coordinator)
    school.trainers = {
        key: Trainer(pk=demo_id("trainer", name), name=name, expertise=expertise)
        for key, (name, expertise) in TRAINERS.items()
    }
    school.trainers["lawyer"].user = cast.users[TRAINER.key]
    Trainer.objects.bulk_create(school.trainers.values())
    autumn = (datetime.date(2020, 7, 20), datetime.date(2020, 12, 18))
    spring = (datetime.date(2021, 1, 11), datetime.date(2021, 6, 11))
    recent_end = working_day(today - datetime.timedelta(days=12), forward=False)
    recent = (working_day(add_months(recent_end, -5), forward=True), recent_end)
    present_start = working_day(today - datetime.timedelta(days=40), forward=False)
    present = (present_start, working_day(add_months(present_start, 5), forward=True))
    _cohort(
        school, "Kokemuskumppanikoulutus, syksy 2020", autumn, AUTUMN, payers.pilot, CohortStatus.COMPLETED
    )
    _cohort(
        school, "Kokemuskumppanikoulutus, kevät 2021", spring, SPRING, payers.pilot, CohortStatus.COMPLETED
    )
    for span, people, status in [
        (recent, RECENT, CohortStatus.COMPLETED),
        (present, PRESENT, CohortStatus.RUNNING),
    ]:
        name = f"Kokemuskumppanikoulutus, {span[0].month}/{span[0].year}–{span[1].month}/{span[1].year}"
        _cohort(school, name, span, people, payers.present, status, until=today)
    _recruiting(school, payers.present, today)
    school.history.write()
    return school


def session_days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """Twenty days from the first to the last one, evenly apart; a weekend's session is held on Friday or Monday."""
    length = (last - first).days
    days = []
    for i in range(len(PROGRAMME)):
        day = first + datetime.timedelta(days=round(i * length / (len(PROGRAMME) - 1)))
        if 0 < i < len(PROGRAMME) - 1 and day.weekday() >= 5:
            day += datetime.timedelta(days=-1 if day.weekday() == 5 else 1)
        days.append(day)
    return days


def _cohort(
    school: School,
    name: str,
    span: tuple[datetime.date, datetime.date],
    people: Sequence[tuple[str, str, str, str]],
    grant: Grant,
    status: str,
    until: datetime.date | None = None,
) -> None:
    first, last = span
    announced = at(first - datetime.timedelta(days=60))
    cohort = Cohort(
        pk=demo_id("cohort", name),
        name=name,
        starts_on=first,
        ends_on=last,
        grant=grant,
        status=status,
        created_at=announced,
    )
    write([cohort])
    lives = [(CohortStatus.PLANNED, CohortStatus.RUNNING, at(first), school.by)]
    if status == CohortStatus.COMPLETED:
        lives.append((CohortStatus.RUNNING, CohortStatus.COMPLETED, at(last, 15), school.by))
    school.history.add(cohort, *lives)
    sessions = _programme(school, cohort, announced)
    held = [session for session in sessions if until is None or session.date < until]
    enrolments, attendances = [], []
    absent = taking_turns(range(len(PROGRAMME)), start=3)
    for first_name, last_name, language, end in people:
        enrolment = Enrolment(
            pk=demo_id("enrolment", name, first_name, last_name),
            cohort=cohort,
            first_name=first_name,
            last_name=last_name,
            email=f"{first_name}.{last_name}@esimerkki.example".lower().translate(
                str.maketrans("åäö", "aao")
            ),
            language=language,
            status=end,
            has_experience=True,
            is_settled=True,
            applied_on=first - datetime.timedelta(days=45),
            answered_on=first - datetime.timedelta(days=21),
            completed_on=last if end == C else None,
            ended_on=_ended_on(end, first, held),
            created_at=at(first - datetime.timedelta(days=45)),
        )
        enrolments.append(enrolment)
        school.enrolments[first_name] = enrolment
        school.history.add(enrolment, *_life_of_enrolment(end, first, last, held, school.by))
        if end == R:
            continue
        # Who stopped was there four times; the others missed one or two sessions, each others.
        missed = {next(absent), next(absent)} if len(enrolments) % 3 == 0 else {next(absent)}
        marked = held[:4] if end == D else held
        attendances += [
            Attendance(
                pk=demo_id("attendance", session.pk, enrolment.pk),
                session=session,
                enrolment=enrolment,
                hours=0 if end != D and number in missed else session.hours,
                marked_by_id=school.by.user_id,
                created_at=at(session.date, 17),
            )
            for number, session in enumerate(marked)
        ]
    write(enrolments)
    write(attendances)
    if status == CohortStatus.COMPLETED:
        _feedback(cohort, sum(end == C for *_person, end in people))


def _programme(school: School, cohort: Cohort, announced: datetime.datetime) -> list[Session]:
    days = session_days(cohort.starts_on, cohort.ends_on)
    sessions = [
        Session(
            pk=demo_id("session", cohort.name, number),
            cohort=cohort,
            date=day,
            hours=SESSION_HOURS,
            starts_at=BEGINS,
            ends_at=ENDS,
            room="" if kind == SessionKind.VISIT else ROOM,
            kind=kind,
            theme=theme,
            created_at=announced,
        )
        for number, (day, (kind, theme, _by)) in enumerate(zip(days, PROGRAMME, strict=True), start=1)
    ]
    write(sessions)
    Session.trainers.through.objects.bulk_create(
        Session.trainers.through(session=session, trainer=school.trainers[key])
        for session, (_kind, _theme, by) in zip(sessions, PROGRAMME, strict=True)
        for key in by
    )
    return sessions


def _recruiting(school: School, grant: Grant, today: datetime.date) -> None:
    """The next cohort: anybody can apply, one has a place, one is talked with tomorrow, one has just written."""
    first = working_day(today + datetime.timedelta(days=60), forward=True)
    last = working_day(add_months(first, 5), forward=True)
    name = f"Kokemuskumppanikoulutus, {first.month}/{first.year}–{last.month}/{last.year}"
    announced, opened = at(today - datetime.timedelta(days=30)), at(today - datetime.timedelta(days=14))
    cohort = Cohort(
        pk=demo_id("cohort", name),
        name=name,
        starts_on=first,
        ends_on=last,
        place="Turku",
        about="Tapaamme joka viikko kello 9–14. Lounas ja matkat maksetaan. Lastenhoidosta voidaan sopia.",
        places=12,
        apply_from=opened.date(),
        apply_until=today + datetime.timedelta(days=21),
        grant=grant,
        status=CohortStatus.RECRUITING,
        created_at=announced,
    )
    write([cohort])
    school.history.add(cohort, (CohortStatus.PLANNED, CohortStatus.RECRUITING, opened, school.by))
    _programme(school, cohort, announced)
    chosen = at(today - datetime.timedelta(days=3))
    tomorrow = at(today + datetime.timedelta(days=1), 17)
    enrolments = []
    for first_name, last_name, applied, facts in [
        ("Noora", "Kuvitteellinen", 12, {"status": EnrolmentStatus.ACCEPTED, "answered_on": chosen.date()}),
        ("Petri", "Esimerkki", 8, {"interview_at": tomorrow, "interview_place": "Kumppanitalo, 2. kerros"}),
        ("Ronja", "Keksitty", 2, {"is_settled": False}),
    ]:
        enrolment = Enrolment(
            pk=demo_id("enrolment", name, first_name, last_name),
            cohort=cohort,
            first_name=first_name,
            last_name=last_name,
            email=f"{first_name}.{last_name}@esimerkki.example".lower(),
            language="fi",
            has_experience=True,
            applied_on=today - datetime.timedelta(days=applied),
            created_at=at(today - datetime.timedelta(days=applied)),
            **{"is_settled": True, "status": EnrolmentStatus.APPLIED, **facts},
        )
        enrolments.append(enrolment)
        if enrolment.status == EnrolmentStatus.ACCEPTED:
            school.history.add(
                enrolment, (EnrolmentStatus.APPLIED, EnrolmentStatus.ACCEPTED, chosen, school.by)
            )
    write(enrolments)


def _ended_on(end: str, first: datetime.date, held: list[Session]) -> datetime.date | None:
    """When somebody was not chosen, or has stopped."""
    if end == R:
        return first - datetime.timedelta(days=21)
    return held[4].date if end == D else None


# Grades of the training as a whole, of the others, of oneself; and words, if any.
THOUGHTS = [
    (5, 5, 4, "Parasta oli ryhmä: kukaan ei tuominnut."),
    (4, 5, 3, ""),
    (5, 4, 4, "Lakipäivä avasi paljon. Siitä olisi voinut puhua pidempäänkin."),
    (5, 5, 5, ""),
    (3, 4, 3, "Matkat olivat pitkiä. Etäpäiviä saisi olla enemmän."),
    (4, 4, 4, ""),
    (5, 5, 4, "Bäst var att få öva startmötet på riktigt."),
]


def _feedback(cohort: Cohort, completed: int) -> None:
    """All but two have answered, at most as many as there are thoughts. No answer has a time."""
    CohortFeedback.objects.bulk_create(
        CohortFeedback(
            pk=demo_id("cohort feedback", cohort.name, number),
            cohort=cohort,
            overall=overall,
            peers=peers,
            ready=ready,
            words=words,
        )
        for number, (overall, peers, ready, words) in enumerate(THOUGHTS[: max(completed - 2, 0)])
    )


def _life_of_enrolment(
    end: str, first: datetime.date, last: datetime.date, held: list[Session], by: Actor
) -> list[tuple[str, str, datetime.datetime, Actor]]:
    chosen = at(first - datetime.timedelta(days=21))
    if end == R:
        return [(EnrolmentStatus.APPLIED, R, chosen, by)]
    life = [
        (EnrolmentStatus.APPLIED, EnrolmentStatus.ACCEPTED, chosen, by),
        (EnrolmentStatus.ACCEPTED, A, at(first), by),
    ]
    if end == C:
        life.append((A, C, at(last, 14), by))
    if end == D:
        life.append((A, D, at(held[4].date), by))
    return life
