"""docs/access.md says what the matrix says. Control: change a cell."""

from tests.access.write_docs import pages
from tests.architecture.source import ROOT


def test_access_page_is_up_to_date():
    assert (ROOT / "docs" / "access.md").read_text() == pages() + "\n", "run `make docs`"
