"""`headed`: an editable text as paragraphs with their headings, and nothing of it as markup."""

import pytest

from kumppani.core.templatetags.kumppani import headed


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One line.", "<p>One line.</p>"),
        ("Heading\nWords.", "<p><strong>Heading</strong><br>Words.</p>"),
        ("Heading\r\nWords.\r\n\r\nEnd.", "<p><strong>Heading</strong><br>Words.</p>\n<p>End.</p>"),
        ("One\n\n\n\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("<b>Bold</b>\n<script>", "<p><strong>&lt;b&gt;Bold&lt;/b&gt;</strong><br>&lt;script&gt;</p>"),
        ("", ""),
    ],
)
def test_headed(text, html):
    assert headed(text) == html
