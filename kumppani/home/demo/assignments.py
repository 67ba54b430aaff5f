"""Assignments of the pilot season: 45 done ones that develop or influence (A11), and over 200 hours of making the work
known in municipalities, NGOs and an educational institution (A15, B3).

One assignment counts once, whatever the number of partners (R5). What was cancelled, and what was done on the day
before or after the season, must not count. Fees are invented: no amounts are known.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from kumppani.accounts.actor import Actor
from kumppani.accounts.roles import Role
from kumppani.home.demo.book import History, at, demo_id, spread, taking_turns, working_days, write
from kumppani.home.demo.organisations import COLLEGE, COORDINATOR, MUNICIPALITIES, PARTNERS, Payers
from kumppani.home.demo.partners import Partners
from kumppani.home.demo.people import Cast
from kumppani.home.demo.season import FIRST, LAST
from pairing.models import ExperiencePartner
from tasks.models import (
    Assignment,
    AssignmentKind,
    DevelopmentTarget,
    Fee,
    Participation,
    Payer,
    PaymentForm,
)
from tasks.states import AssignmentStatus, ParticipationStatus, PayStatus

SERVICES, WAYS = DevelopmentTarget.SERVICES, DevelopmentTarget.WAYS_OF_WORKING
DAYS = datetime.timedelta(days=1)

# kind: how many, (titles), hours, how many partners in turns, what it develops, (audiences), a head's fee
DEVELOPING = {
    "working-group-member": (
        12,
        ["Avohuollon kehittämistyöryhmä", "Asiakasosallisuuden työryhmä", "Kirjaamiskäytäntöjen työryhmä"],
        Decimal("2.5"),
        (1, 2, 1),
        SERVICES,
        ["Kehittämistyöryhmä"],
        Decimal(60),
    ),
    "panellist": (
        6,
        ["Perhekeskuspäivän paneeli", "Lastensuojelun foorumin paneeli", "Osallisuusillan paneeli"],
        Decimal("1.5"),
        (3, 2),
        WAYS,
        ["Perhekeskusten henkilöstö", "Lastensuojelun ja järjestöjen väki"],
        Decimal(80),
    ),
    "lecturer": (
        9,
        ["Häpeästä osallisuuteen", "Mitä toivoin sosiaalityöntekijältäni", "Luottamus on kahden kauppa"],
        Decimal(2),
        (1, 1, 2),
        WAYS,
        ["Lastensuojelun työntekijät", "Perhetyöntekijät"],
        Decimal(120),
    ),
    "trainer": (
        8,
        ["Systeemisen lastensuojelun peruskoulutus", "Kohtaamiskoulutus ohjaajille"],
        Decimal(4),
        (2, 1),
        WAYS,
        ["Lastensuojelutyöntekijät"],
        Decimal(160),
    ),
    "recruitment-interviewer": (
        6,
        ["Ohjaajan rekrytointihaastattelut", "Perhetyöntekijän rekrytointihaastattelut"],
        Decimal(3),
        (1,),
        WAYS,
        ["Hakijat"],
        Decimal(75),
    ),
    "training-planner": (
        4,
        ["Kohtaamiskoulutuksen suunnittelu"],
        Decimal(3),
        (3, 2),
        WAYS,
        ["Suunnitteluryhmä"],
        Decimal(75),
    ),
}
# Where: organisations, how many events at each, hours of one, kind, title, audience
MAKING_KNOWN = [
    (
        MUNICIPALITIES,
        12,
        Decimal("2.5"),
        "team-meeting",
        "Lastensuojelun tiimipalaveri",
        "Lastensuojelutiimi",
    ),
    (
        [name for name in PARTNERS if name != "Vasso"],
        3,
        Decimal(3),
        "office-meeting",
        "Toimistopalaveri ja esittäytyminen",
        "Järjestön työntekijät",
    ),
    (["Vasso"], 2, Decimal(3), "office-meeting", "Kehittäjien toimistopalaveri", "Kehittäjät"),
    (
        [COLLEGE],
        6,
        Decimal(6),
        "office-meeting",
        "Esittäytyminen opettajille ja opiskelijoille",
        "Opiskelijat",
    ),
]
HEAD_FOR_MAKING_KNOWN = Decimal(50)
# Of the developing ones, those that the orderer paid: every ninth.
PAID_BY_ORDERER = 9


@dataclass
class Ledger:
    """Collects assignments with their partners and fees, and writes them in one go."""

    kinds: dict[str, AssignmentKind]
    payers: Payers
    cast: Cast
    partners: list[ExperiencePartner]
    assignments: list[Assignment] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    fees: list[Fee] = field(default_factory=list)
    history: History = field(default_factory=History)
    busy: set[tuple[ExperiencePartner, datetime.date]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.next_partner = taking_turns(self.partners)

    def day_with(self, count: int, day: datetime.date) -> datetime.date:
        """This day, or the next working day on which so many partners are free."""
        while sum((partner, day) not in self.busy for partner in self.partners) < count:
            day = working_days(day + DAYS, day + DAYS * 5)[0]
        return day

    def free_partners(self, count: int, day: datetime.date) -> list[ExperiencePartner]:
        """Whose turn it is, without those who are somewhere else on that day."""
        chosen: list[ExperiencePartner] = []
        for _turn in self.partners:
            if len(chosen) == count:
                break
            partner = next(self.next_partner)
            if (partner, day) not in self.busy:
                self.busy.add((partner, day))
                chosen.append(partner)
        return chosen

    def enter(
        self,
        kind: str,
        title: str,
        organisation: str,
        day: datetime.date,
        hours: Decimal,
        heads: int,
        fee: Decimal,
        *,
        status: str = AssignmentStatus.DONE,
        target: str = "",
        audience: str = "",
        paid_by_orderer: bool = False,
        declined: bool = False,
    ) -> None:
        """One assignment, done or cancelled, with all that belongs to it."""
        S = AssignmentStatus
        staff = self.cast.coordinator
        asked = day - DAYS * 21
        number = len(self.assignments)
        assignment = Assignment(
            pk=demo_id("assignment", kind, organisation, title, day),
            kind=self.kinds[kind],
            title=title,
            organisation=self.payers.named(organisation),
            date=day,
            starts_at=datetime.time(9 + number % 6, 0),
            hours=hours,
            audience=audience,
            audience_size=6 + number % 19 if audience else None,
            target=target,
            payer=Payer.ORDERER if paid_by_orderer else Payer.PROJECT,
            grant=None if paid_by_orderer else self.payers.pilot,
            status=status,
            created_at=at(asked),
        )
        self.assignments.append(assignment)
        self.history.add(assignment, (S.REQUESTED, S.AGREED, at(asked + DAYS * 3), staff))
        done = status == S.DONE
        self.history.add(assignment, (S.AGREED, status, at(day, 17) if done else at(day - DAYS * 2), staff))
        for partner in self.free_partners(heads, day):
            self._take_part(assignment, partner, fee, asked + DAYS, done)
        if declined:
            for partner in self.free_partners(1, day):
                self._take_part(assignment, partner, fee, asked + DAYS, done, declines=True)

    def _take_part(
        self,
        assignment: Assignment,
        partner: ExperiencePartner,
        amount: Decimal,
        offered: datetime.date,
        done: bool,
        declines: bool = False,
    ) -> None:
        S = ParticipationStatus
        own = Actor(user=partner.user, role=Role.PARTNER)
        staff = self.cast.coordinator
        end = S.DECLINED if declines else S.DONE if done else S.CANCELLED
        participation = Participation(
            pk=demo_id("participation", assignment.pk, partner.pk),
            assignment=assignment,
            partner=partner,
            status=end,
            fee_amount=amount,
            fee_agreed_on=offered,
            created_at=at(offered),
        )
        self.participations.append(participation)
        answered = at(offered + DAYS * 2, 18)
        if declines:
            self.history.add(participation, (S.OFFERED, S.DECLINED, answered, own))
            return
        ended = at(assignment.date, 17) if done else at(assignment.date - DAYS * 2)
        self.history.add(
            participation, (S.OFFERED, S.ACCEPTED, answered, own), (S.ACCEPTED, end, ended, staff)
        )
        if done:
            self._pay(participation, own)

    def _pay(self, participation: Participation, own: Actor) -> None:
        S = PayStatus
        assignment = participation.assignment
        # The two co-ordinators take turns; nobody approves what she or he has claimed.
        approver = (self.cast.coordinator, self.cast.second_coordinator)[len(self.fees) % 2]
        claimed, approved = at(assignment.date + DAYS, 18), at(assignment.date + DAYS * 6, 10)
        # What the orderer pays goes through no batch of the programme's.
        by_orderer, paid = assignment.payer == Payer.ORDERER, assignment.date + DAYS * 20
        fee = Fee(
            pk=demo_id("fee", participation.pk),
            partner=participation.partner,
            participation=participation,
            amount=participation.fee_amount,
            payer=assignment.payer,
            grant=assignment.grant,
            payment_form=PaymentForm.WAGE,
            status=S.PAID if by_orderer else S.APPROVED,
            paid_on=paid if by_orderer else None,
            claimed_by=own.user,
            claimed_at=claimed,
            approved_by=approver.user,
            approved_at=approved,
            created_at=at(assignment.date, 17),
        )
        self.fees.append(fee)
        self.history.add(fee, (S.DRAFT, S.CLAIMED, claimed, own), (S.CLAIMED, S.APPROVED, approved, approver))
        if by_orderer:
            self.history.add(fee, (S.APPROVED, S.PAID, at(paid, 10), approver))

    def write(self) -> None:
        write(self.assignments)
        write(self.participations)
        write(self.fees)
        self.history.write()


def ledger(payers: Payers, cast: Cast, partners: Partners) -> Ledger:
    kinds = {kind.code: kind for kind in AssignmentKind.objects.all()}
    return Ledger(kinds, payers, cast, partners.pilots)


def carry_out(book: Ledger) -> None:
    """Write the assignments of the season, and those around it."""
    _developing(book)
    _making_known(book)
    _not_counted(book)
    book.write()


def _developing(book: Ledger) -> None:
    total = sum(row[0] for row in DEVELOPING.values())
    days = iter(spread(total - 1, datetime.date(2021, 1, 4), LAST))
    where = taking_turns([*MUNICIPALITIES, COORDINATOR, *PARTNERS])
    turns = _mixed({kind: row[0] for kind, row in DEVELOPING.items()})
    for number, (kind, turn) in enumerate(turns):
        _count, titles, hours, heads, target, audiences, fee = DEVELOPING[kind]
        # The very first day of the season counts: a panel on the web on New Year's Day.
        new_year = kind == "panellist" and turn == 0
        book.enter(
            kind,
            "Uudenvuodenpäivän verkkopaneeli" if new_year else titles[turn % len(titles)],
            next(where),
            FIRST if new_year else next(days),
            hours,
            heads[turn % len(heads)],
            fee,
            target=target,
            audience=audiences[turn % len(audiences)],
            paid_by_orderer=number % PAID_BY_ORDERER == PAID_BY_ORDERER - 1,
            declined=number % 11 == 5,
        )


def _mixed(counts: dict[str, int]) -> Iterable[tuple[str, int]]:
    """The kinds in turns until each has come as often as it should, as (kind, how often it has come before)."""
    for turn in range(max(counts.values())):
        yield from ((kind, turn) for kind, count in counts.items() if turn < count)


def _making_known(book: Ledger) -> None:
    for names, count, hours, kind, title, audience in MAKING_KNOWN:
        for offset, name in enumerate(names):
            first = datetime.date(2021, 1, 11) + DAYS * (offset % 5)
            for number, day in enumerate(spread(count, first, LAST - DAYS * (offset + 5))):
                heads = 1 + number % 2
                book.enter(
                    kind,
                    title,
                    name,
                    book.day_with(heads, day),
                    hours,
                    heads,
                    HEAD_FOR_MAKING_KNOWN,
                    audience=audience,
                )


def _not_counted(book: Ledger) -> None:
    """The day before, the day after, and what was called off."""
    two = Decimal(2)
    book.enter(
        "lecturer", "Vuoden viimeinen luento", "Turku", FIRST - DAYS, two, 1, Decimal(120), target=WAYS
    )
    book.enter("panellist", "Kesäpäivän paneeli", "Salo", LAST + DAYS, two, 2, Decimal(80), target=WAYS)
    book.enter(
        "team-meeting", "Lastensuojelun tiimipalaveri", "Turku", LAST + DAYS, two, 1, HEAD_FOR_MAKING_KNOWN
    )
    for kind, title, organisation, day in [
        ("lecturer", "Häpeästä osallisuuteen", "Pesäpuu ry", datetime.date(2021, 2, 17)),
        ("panellist", "Perhekeskuspäivän paneeli", "Salo", datetime.date(2021, 3, 24)),
        ("working-group-member", "Avohuollon kehittämistyöryhmä", "Naantali", datetime.date(2021, 4, 21)),
        ("trainer", "Kohtaamiskoulutus ohjaajille", "Aisti ry", datetime.date(2021, 5, 19)),
        ("team-meeting", "Lastensuojelun tiimipalaveri", "Kaarina", datetime.date(2021, 5, 26)),
        ("office-meeting", "Toimistopalaveri ja esittäytyminen", COLLEGE, datetime.date(2021, 6, 2)),
    ]:
        target = "" if "meeting" in kind else WAYS
        book.enter(
            kind,
            title,
            organisation,
            day,
            two,
            1,
            Decimal(80),
            status=AssignmentStatus.CANCELLED,
            target=target,
        )
