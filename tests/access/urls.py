"""Walking the url tree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern


@dataclass(frozen=True)
class Url:
    """One door of the house."""

    name: str | None
    route: str
    arguments: tuple[str, ...]
    is_path: bool  # made with path(), not with re_path()
    callback: Callable

    @property
    def is_public(self) -> bool:
        """Whether it opens without signing in."""
        return not getattr(self.callback, "login_required", True)


def walk(resolver: URLResolver, route: str = "", is_path: bool = True) -> Iterator[Url]:
    """Every url pattern under `resolver`."""
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        plain = is_path and isinstance(entry.pattern, RoutePattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, here, plain)
        elif isinstance(entry, URLPattern):
            arguments = tuple(entry.pattern.converters) if isinstance(entry.pattern, RoutePattern) else ()
            yield Url(entry.name, here, arguments, plain, entry.callback)
