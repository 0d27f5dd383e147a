"""The template warms up on pages of our own drawing, through the same code as a client's."""

from services.ocr.catalogue.model import Catalogue
from services.ocr.sandbox.warm_up import warm_up


def test_the_drawn_scan_is_taken_for_a_form_page_with_places_and_the_empty_page_for_none() -> None:
    scan, digital = warm_up(Catalogue.load())
    assert (scan.source, scan.identified_by, bool(scan.slots)) == ("scan", "barcode", True)
    assert (digital.source, digital.form) == ("digital", None)


def test_a_catalogue_without_forms_is_no_reason_to_fail() -> None:
    assert [reading.form for reading in warm_up(Catalogue(()))] == [None, None]
