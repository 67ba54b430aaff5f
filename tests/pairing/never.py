"""What must never be, refused twice: in words by the model, and by the database whoever writes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction


def refused(record, words: str) -> None:
    """The model says it in words, and the database refuses it."""
    with pytest.raises(ValidationError) as error:
        record.validate_constraints()
    assert error.value.messages == [words]
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)
