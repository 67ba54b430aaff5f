"""How often a stranger may do something: counted in rows of the database, so over all processes and past a restart.

A limit is a number of places. Each doing takes one, and the place is free again when its time is over; while none is
free, one waits. Taking a place is one INSERT of a unique key, so of two who grasp at the last one, one gets it. Whose
place it is stands there as a keyed fingerprint, never as an address.
"""

import ipaddress
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

SALT = "kumppani.limits"
# A household or an office has a whole network of the newer kind of address.
IPV6_NETWORK = 64


@dataclass(frozen=True)
class Limit:
    """At most `amount` times in `seconds`, for each origin."""

    name: str
    amount: int
    seconds: int

    def keys(self, who: str) -> list[str]:
        """The names of the places."""
        return [f"limit:{self.name}:{self.seconds}:{who}:{place}" for place in range(self.amount)]

    def is_reached(self, who: str) -> bool:
        """Whether no place is free."""
        return len(cache.get_many(self.keys(who))) >= self.amount

    def take(self, who: str) -> bool:
        """Take a place; False when none is free."""
        keys = self.keys(who)
        taken = cache.get_many(keys)
        return any(cache.add(key, True, self.seconds) for key in keys if key not in taken)


def origin_of(request: HttpRequest) -> str:
    """Where a request comes from, as a keyed fingerprint of its address (behind `TRUSTED_PROXY_COUNT` proxies)."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 6:
        address = ipaddress.ip_network((address, IPV6_NETWORK), strict=False).network_address
    return salted_hmac(SALT, str(address)).hexdigest()[:32]


def take_all(limits: tuple[Limit, ...], who: str) -> bool:
    """Take one place of each limit, or say that one of them is reached."""
    return not any(limit.is_reached(who) for limit in limits) and all(limit.take(who) for limit in limits)
