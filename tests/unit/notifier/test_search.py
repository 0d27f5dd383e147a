"""Search in a case: words, phrases, boxes, and who may look."""

import pytest

from services.notifier.tables import audit
from tests.support.notifier import NOW, House
from wetink.blobs.names import text
from wetink.blobs.port import BlobRef
from wetink.contracts.events import DocumentState
from wetink.contracts.reading import PageText, Word


def page(*lines):
    """A page's text: each line's words 10 px high, each letter 8 px wide."""
    words = []
    for row, line in enumerate(lines):
        left = 100
        for word in line.split():
            words.append(Word(text=word, box_px=(left, 50 + 20 * row, 8 * len(word), 10), confidence=90))
            left += 8 * len(word) + 6
    return PageText(number=1, outcome="read", width_px=935, height_px=1210, words=words)


def house_with(*pages, case_id="case_1", missing=0):
    house = House()
    for number, one in enumerate(pages, 1):
        ref = BlobRef(house.organisation_id, "case_1", text("doc_1", number))
        house.blobs.put(ref, one.model_dump_json().encode())
    state = DocumentState(
        document_id="doc_1", document_number=1, status="reviewed", pages_total=len(pages) + missing
    )
    house.judge(documents=[state])
    return house


def search(house, q, role="manager"):
    return house.client(role).get("/v1/cases/case_1/search", params={"q": q})


@pytest.mark.parametrize(
    "q", ["nuñez", "NUNEZ", "Maria Nuñez", "maría  núñez,", "nacida en", "12/03", "A123", "obrien"]
)
def test_case_accents_and_signs_do_not_matter(q):
    house = house_with(page("María Núñez, nacida en", "Lima el 12/03/1990 A123456789 O'Brien"))
    expected = [] if q == "obrien" else [1]
    assert [item["page"] for item in search(house, q).json()["items"]] == expected


@pytest.mark.parametrize("q", ["Nunez Maria", "Mari Nunez", "ria", "words", "935", "maria lima"])
def test_what_is_not_there_as_said_is_not_found(q):
    house = house_with(page("María Núñez, nacida en", "Lima el 12/03/1990"))
    assert search(house, q).json()["items"] == []


def test_a_place_has_page_box_excerpt_and_picture():
    house = house_with(page("nothing here"), page("He was born in", "Lima and lives in Quito"), missing=1)
    found = search(house, "born in Lima").json()
    assert found == {
        "items": [
            {
                "document_id": "doc_1",
                "page": 2,
                "boxes": [[152, 50, 54, 10], [100, 70, 32, 10]],
                "width_px": 935,
                "height_px": 1210,
                "excerpt": "He was born in Lima and lives in Quito",
                "page_url": "/v1/documents/doc_1/pages/2.webp",
            }
        ],
        "is_cut": False,
        "pages": {"total": 3, "searched": 2},
    }


def test_too_many_places_are_cut_and_said():
    house = house_with(*[page("the same word " * 60)] * 3)
    found = search(house, "word").json()
    assert (len(found["items"]), found["is_cut"]) == (100, True)


def test_a_text_that_cannot_be_read_hides_no_other():
    house = house_with(page("a word"), page("a word"))
    house.blobs.put(BlobRef(house.organisation_id, "case_1", text("doc_1", 1)), b"no word")
    assert [item["page"] for item in search(house, "word").json()["items"]] == [2]


@pytest.mark.parametrize("q", ["", " ", "-", "_", "x" * 201])
def test_a_question_without_a_letter_or_too_long_is_refused(q):
    assert search(house_with(page("x")), q).status_code == 422


def test_a_search_leaves_a_trace_without_its_words():
    house = house_with(page("Maria"))
    assert search(house, "Maria").status_code == 200
    assert [(row.tag, row.object_id, row.at) for row in house.rows(audit)] == [
        ("queue:case:searched", "case_1", NOW)
    ]


def test_a_client_finds_nothing_and_neither_does_another_firm():
    house = house_with(page("Maria"))
    theirs = house.keystore.create_organisation("Theirs", "UTC").id
    assert search(house, "Maria", "client").status_code == 404
    assert house.client("manager", theirs).get("/v1/cases/case_1/search?q=Maria").status_code == 404
    assert house.client().get("/v1/cases/case_2/search?q=Maria").status_code == 404


def test_the_words_of_a_page_lie_over_its_picture():
    house = house_with(page("Maria"))
    told = house.client().get("/v1/documents/doc_1/pages/1/text").json()
    assert (told["width_px"], told["words"][0]["text"]) == (935, "Maria")
    assert house.client().get("/v1/documents/doc_1/pages/2/text").status_code == 404
    assert [(row.tag, row.object_id) for row in house.rows(audit)] == [("queue:text:read", "doc_1/1")]
