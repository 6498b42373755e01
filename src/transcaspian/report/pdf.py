"""This module owns a document in Typst as the bytes of a PDF: the same for the same text, on whatever machine."""

import typst


def pdf_of(source: str) -> bytes:
    """Return a PDF of a document in Typst.

    Fonts of the machine are not looked at and no date is written: both would make two prints of one run differ.

    >>> pdf_of("#set document(date: none)\\nA box.")[:5]
    b'%PDF-'
    """
    found = typst.compile(source.encode(), format="pdf", ignore_system_fonts=True, timestamp=0)
    assert isinstance(found, bytes)
    return found
