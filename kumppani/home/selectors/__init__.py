"""What is waiting for me? One function per role, each a fixed number of queries whatever the number of rows.

A selector only looks. It returns what the role's page shows, and `seen`: the records about people that it showed, for
the audit trail (R10).
"""

from kumppani.accounts.roles import Role
from kumppani.home.selectors.administrator import administrator_home
from kumppani.home.selectors.jobs import job_states
from kumppani.home.selectors.parent import parent_home
from kumppani.home.selectors.partner import own_partner, partner_home
from kumppani.home.selectors.social_worker import social_worker_home
from kumppani.home.selectors.staff import staff_home
from kumppani.home.selectors.trainer import trainer_home

__all__ = [
    "HOMES",
    "administrator_home",
    "job_states",
    "own_partner",
    "parent_home",
    "partner_home",
    "social_worker_home",
    "staff_home",
    "trainer_home",
]

HOMES = {
    Role.PARTNER: partner_home,
    Role.PARENT: parent_home,
    Role.SOCIAL_WORKER: social_worker_home,
    Role.STAFF: staff_home,
    Role.TRAINER: trainer_home,
    Role.ADMINISTRATOR: administrator_home,
}
