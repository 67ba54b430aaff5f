"""Words kept as data in three languages."""

from django.utils.translation import get_language


def in_language(record, field: str) -> str:
    """`record.<field>_<language>` in the reader's language, Finnish when that is empty."""
    language = (get_language() or "fi")[:2]
    return getattr(record, f"{field}_{language}", "") or getattr(record, f"{field}_fi")
