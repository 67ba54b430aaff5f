"""The people of the demo. All are invented; their surnames say so (esimerkki, exempel: example; keksitty, påhittad:
made up; kuvitteellinen: imaginary; olematon: not existing). The domain .example belongs to nobody.
"""

import datetime
from dataclasses import dataclass, field

from kumppani.accounts.actor import Actor
from kumppani.accounts.models import RoleGrant, User
from kumppani.accounts.roles import Role
from kumppani.home.demo.book import at, demo_id, write
from kumppani.home.demo.organisations import COORDINATOR, COUNTY, FIRST_COUNTY_DAY, LAST_MUNICIPAL_DAY, Payers
from pairing.models import SocialWorker

# Known to everybody who reads this: it opens the demo only, and the demo refuses to load in production.
PASSWORD = "Lyhty-polulla-palaa-7"  # noqa: S105

STARTED = datetime.date(2020, 6, 1)  # the first users of the programme


@dataclass(frozen=True)
class Person:
    """Somebody with an account. `roles`: (role, name of the organisation, first day)."""

    first_name: str
    last_name: str
    roles: tuple[tuple[Role, str, datetime.date], ...]
    language: str = "fi"
    signs_in: bool = True  # whether the demo hands out a password
    is_active: bool = True
    unit: str = ""  # of a social worker

    @property
    def key(self) -> str:
        """The word by which the demo calls this person."""
        return self.first_name

    @property
    def email(self) -> str:
        name = self.first_name + (f".{self.last_name}" if self.last_name else "")
        return name.lower().translate(str.maketrans("åäö", "aao")) + "@esimerkki.example"


STAFF = [
    Person("Tuula", "Esimerkki", ((Role.STAFF, COORDINATOR, STARTED),)),
    Person("Oskar", "Exempel", ((Role.STAFF, COORDINATOR, STARTED),), language="sv"),
]
WORKERS = [
    Person(
        "Satu",
        "Keksitty",
        ((Role.SOCIAL_WORKER, COUNTY, FIRST_COUNTY_DAY),),
        unit="Lastensuojelun avohuolto, läntinen",
    ),
    Person(
        "Mikael",
        "Påhittad",
        ((Role.SOCIAL_WORKER, COUNTY, FIRST_COUNTY_DAY),),
        language="sv",
        unit="Lastensuojelun avohuolto, itäinen",
    ),
    # Those of the pilot season worked for the municipalities and have left; what they decided stands.
    *(
        Person(
            first_name,
            last_name,
            ((Role.SOCIAL_WORKER, municipality, STARTED),),
            language=language,
            signs_in=False,
            is_active=False,
            unit="Lastensuojelun avohuolto",
        )
        for first_name, last_name, municipality, language in [
            ("Riitta", "Esimerkki", "Turku", "fi"),
            ("Helena", "Olematon", "Salo", "fi"),
            ("Pia", "Kuvitteellinen", "Naantali", "fi"),
            ("Jonas", "Exempel", "Kaarina", "sv"),
        ]
    ),
]
TRAINER = Person("Raili", "Kuvitteellinen", ((Role.TRAINER, "", STARTED),))
ADMINISTRATOR = Person("Anton", "Keksitty", ((Role.ADMINISTRATOR, COORDINATOR, STARTED),), language="en")

TAKEN_IN = datetime.date(2020, 12, 21)
PARTNERS = [
    Person("Aino", "Esimerkki", ((Role.PARTNER, "", TAKEN_IN),)),
    Person("Leo", "Olematon", ((Role.PARTNER, "", TAKEN_IN),)),
    # Partner and staff (A37): one person, two roles, one acted in at a time.
    Person(
        "Kaisa",
        "Kuvitteellinen",
        ((Role.PARTNER, "", TAKEN_IN), (Role.STAFF, COORDINATOR, datetime.date(2023, 1, 9))),
    ),
    *(
        Person(first_name, last_name, ((Role.PARTNER, "", TAKEN_IN),), language=language, signs_in=False)
        for first_name, last_name, language in [
            ("Merja", "Keksitty", "fi"),
            ("Hannu", "Esimerkki", "fi"),
            ("Sirpa", "Olematon", "fi"),
            ("Ulla", "Exempel", "sv"),
            ("Jarkko", "Keksitty", "fi"),
            ("Tarja", "Kuvitteellinen", "fi"),
            ("Nina", "Påhittad", "sv"),
        ]
    ),
]
# The service keeps no surname of a parent, so these have none here either (R14).
PARENTS = [
    Person("Jenna", "", ()),
    Person("Petra", "", (), language="sv"),
]

EVERYBODY = [*STAFF, *WORKERS, TRAINER, ADMINISTRATOR, *PARTNERS, *PARENTS]


def accounts() -> list[dict[str, str]]:
    """Who may sign in: one row per role of a person. Needs no database."""
    return [
        {
            "role": role,
            "email": person.email,
            "password": PASSWORD,
            "name": f"{person.first_name} {person.last_name}".strip(),
            "language": person.language,
        }
        for role in Role
        for person in EVERYBODY
        if person.signs_in and role in _roles_of(person)
    ]


def accounts_by_role() -> dict[str, dict[str, str]]:
    """The same, role → account: `staff` is the first of the staff, `staff_2` the second, and so on."""
    keyed: dict[str, dict[str, str]] = {}
    for account in accounts():
        key, number = account["role"], 2
        while key in keyed:
            key, number = f"{account['role']}_{number}", number + 1
        keyed[key] = account
    return keyed


def _roles_of(person: Person) -> list[str]:
    return [Role.PARENT] if person in PARENTS else [role for role, _organisation, _day in person.roles]


@dataclass
class Cast:
    """Everybody by first name."""

    users: dict[str, User]
    workers: dict[str, SocialWorker] = field(default_factory=dict)

    def acting(self, name: str, role: Role) -> Actor:
        """This person in this role."""
        return Actor(user=self.users[name], role=role)

    @property
    def coordinator(self) -> Actor:
        return self.acting("Tuula", Role.STAFF)

    @property
    def second_coordinator(self) -> Actor:
        return self.acting("Oskar", Role.STAFF)

    def worker_of(self, municipality: str) -> SocialWorker:
        """The social worker of a municipality in the pilot season."""
        return next(worker for worker in self.workers.values() if worker.organisation.name == municipality)

    def decider(self, worker: SocialWorker) -> Actor:
        """A social worker at work."""
        return Actor(user=worker.user, role=Role.SOCIAL_WORKER, organisation_id=worker.organisation_id)


def enter(payers: Payers) -> Cast:
    """Make the users with their roles, and the social workers."""
    # One password for all: it is hashed once, because hashing is slow on purpose.
    opens = User()
    opens.set_password(PASSWORD)
    users, grants, workers = [], [], []
    for person in EVERYBODY:
        first_day = min((day for _role, _organisation, day in person.roles), default=STARTED)
        user = User(
            pk=demo_id("user", person.email),
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            language=person.language,
            is_active=person.is_active,
            created_at=at(first_day),
        )
        user.password = opens.password
        if not person.signs_in:
            user.set_unusable_password()
        users.append(user)
        for role, organisation, day in person.roles:
            grants.append(
                RoleGrant(
                    pk=demo_id("grant of role", person.email, role),
                    user=user,
                    role=role,
                    organisation=payers.named(organisation) if organisation else None,
                    ended_at=None if person.is_active else at(LAST_MUNICIPAL_DAY, 16),
                    created_at=at(day),
                )
            )
        if person in WORKERS:
            workers.append(
                SocialWorker(
                    pk=demo_id("worker", person.email),
                    user=user,
                    organisation=payers.named(person.roles[0][1]),
                    unit=person.unit,
                    created_at=at(first_day),
                )
            )
    write(users)
    write(grants)
    write(workers)
    return Cast(
        users={person.key: user for person, user in zip(EVERYBODY, users, strict=True)},
        workers={worker.user.first_name: worker for worker in workers},
    )
