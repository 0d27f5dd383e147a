"""What kind of paper a page is, and its language, by its words."""

import numpy as np
import pytest

from services.ocr.reading.papers.paper import look_at
from tests.support.papers import written
from wetink.contracts.reading import PageText

PAPERS = {
    "birth en": (
        "birth_certificate",
        "en",
        """
        STATE OF OHIO
        # CERTIFICATION OF LIVE BIRTH
        Name of child Mary Example
        Date of birth January 4, 1990   Place of birth Columbus
        Name of mother Anna Example   Name of father John Example
        This is a true copy of the record on file with the registrar
        """,
    ),
    "birth fr": (
        "birth_certificate",
        "fr",
        """
        REPUBLIQUE FRANCAISE
        # EXTRAIT D'ACTE DE NAISSANCE
        Le quatre janvier mil neuf cent quatre-vingt-dix est née à Lyon
        Prénoms Marie Anne   Nom Exemple
        fille de Jean Exemple et de Anne Modèle son épouse
        Délivré par la mairie de la commune   L'officier de l'état civil
        """,
    ),
    "birth es": (
        "birth_certificate",
        "es",
        """
        ESTADOS UNIDOS MEXICANOS   REGISTRO CIVIL
        # ACTA DE NACIMIENTO
        Nombre María Ejemplo   Fecha de nacimiento 4 de enero de 1990
        Lugar de nacimiento Puebla   Municipio Puebla
        Nombre del padre Juan Ejemplo   Nombre de la madre Ana Modelo
        """,
    ),
    "birth pt": (
        "birth_certificate",
        "pt",
        """
        REGISTRO CIVIL DAS PESSOAS NATURAIS
        # CERTIDÃO DE NASCIMENTO
        Nome Maria Exemplo   Data de nascimento quatro de janeiro
        filha de João Exemplo e de Ana Modelo, natural do município de Santos
        Livro A folha 12   O conteúdo da certidão é verdadeiro   Oficial do registro
        """,
    ),
    "birth de": (
        "birth_certificate",
        "de",
        """
        # Geburtsurkunde
        Standesamt Köln Nummer 12
        Familienname Beispiel   Vorname Maria   geboren am 4. Januar 1990
        Mutter Anna Beispiel, wohnhaft in der Stadt   Vater Hans Beispiel
        Die Urkunde wurde mit dem Register verglichen und ist beglaubigt
        """,
    ),
    "marriage it, which speaks of births": (
        "marriage_certificate",
        "it",
        """
        COMUNE DI ROMA   Ufficio dello stato civile
        # CERTIFICATO DI MATRIMONIO
        Lo sposo Mario Esempio nato a Roma il 4 gennaio, certificato di nascita numero 5
        La sposa Anna Modello nata nel comune di Milano   in presenza dei testimoni
        """,
    ),
    "divorce en, which speaks of a marriage": (
        "divorce_certificate",
        "en",
        """
        IN THE CIRCUIT COURT OF COOK COUNTY
        # JUDGMENT OF DIVORCE
        The petitioner and the respondent were married on May 3, 2011 and the marriage
        certificate was shown to the court. It is ordered by the judge that the marriage is dissolved.
        """,
    ),
    "death es": (
        "death_certificate",
        "es",
        """
        REGISTRO CIVIL
        # ACTA DE DEFUNCIÓN
        Nombre del fallecido Juan Ejemplo   Fecha y lugar de la muerte
        Causa de la muerte   Nombre de la madre   Nombre del padre   Municipio
        """,
    ),
    "police fr": (
        "police_certificate",
        "fr",
        """
        MINISTERE DE LA JUSTICE
        # EXTRAIT DU CASIER JUDICIAIRE
        Bulletin numéro 3   Nom Exemple   Prénom Marie   née le 4 janvier dans la commune de Lyon
        Le relevé des condamnations est sans inscription pour la personne
        """,
    ),
    "letter en about certificates": (
        "letter",
        "en",
        """
        March 5, 2026

        To Whom It May Concern,
        Enclosed are my birth certificate and our marriage certificate, with the translation of
        the divorce decree. I have known the father of the child for ten years and my mother was
        the registrar. Please write to me at this address.

        Sincerely,

        John Example
        """,
    ),
    "letter es": (
        "letter",
        "es",
        """
        A quien corresponda:
        Por la presente hago constar que conozco a Juan y a su esposa desde hace diez años y que
        son una pareja que vive en la casa de mi hermana. No tengo otro interés en el asunto.

        Atentamente,

        María Ejemplo
        """,
    ),
    "bank statement": (
        "financial_record",
        "en",
        """
        EXAMPLE BANK
        # Account Statement
        Statement period March 1 to March 31   Account number 000123
        Opening balance 1,200.00   Deposits 300.00   Withdrawals 20.00   Closing balance 1,480.00
        This is not a bill. For questions about your account write to the address on the back of this page.
        """,
    ),
    "doctor's certificate fr": (
        "medical_report",
        "fr",
        """
        # CERTIFICAT MEDICAL
        Je soussigné docteur en médecine certifie que le patient est suivi dans le service et que
        son état ne permet pas de voyager pour une durée de dix jours. Le traitement est en cours.
        """,
    ),
    "a form nobody learned": (
        "form",
        "en",
        """
        Department of Homeland Security
        U.S. Citizenship and Immigration Services   OMB No. 1615-0000
        For USCIS Use Only
        START HERE - Type or print in black ink.
        Part 1. Information about you
        """,
    ),
    "a lease": (
        "evidence",
        "en",
        """
        # RESIDENTIAL LEASE
        This agreement is made between the landlord and the tenant for the house at the address
        below. The tenant will pay the rent on the first day of each month and keep the house clean.
        """,
    ),
}


def look(text):
    sheet = written(text)
    return look_at(PageText(number=1, outcome="read", words=sheet.words), np.full((40, 40, 3), 255, np.uint8))


@pytest.mark.parametrize(("kind", "language", "text"), PAPERS.values(), ids=PAPERS)
def test_a_paper_is_known_by_its_heading_and_its_words(kind, language, text):
    paper = look(text)
    assert (paper.kind, paper.language) == (kind, language)


def test_a_passport_is_known_by_the_lines_for_machines():
    paper = look(
        "PASAPORTE\nP<UTOEJEMPLO<<MARIA<ANA<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    )
    assert paper.kind == "passport"


def test_an_identity_card_is_no_passport():
    assert look("I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6").kind != "passport"


def test_a_page_in_two_languages_has_none():
    both = PAPERS["birth fr"][2] + PAPERS["birth en"][2]
    assert look(both).language is None


def test_a_page_with_hardly_a_word_is_nothing_and_speaks_nothing():
    paper = look("Page 3")
    assert (paper.kind, paper.language, paper.states, paper.lines_to_sign) == (None, None, [], [])


def test_words_that_were_not_read_surely_make_no_language():
    sheet = written(PAPERS["letter es"][2])
    words = [word.model_copy(update={"confidence": 30.0}) for word in sheet.words]
    paper = look_at(PageText(number=1, outcome="read", words=words), np.full((40, 40, 3), 255, np.uint8))
    assert (paper.kind, paper.language) != ("evidence", "es")
    assert paper.language is None


@pytest.mark.parametrize(("text", "language"), [("Свидетельство", "und-Cyrl"), ("شهادة ميلاد رسمية", "und-Arab")])
def test_another_script_is_named_where_the_text_has_it(text, language):
    assert look(text).language == language


def test_a_photo_is_shades_without_words():
    shades = np.linspace(40, 210, 400, dtype=np.uint8)
    picture = np.dstack([np.tile(shades, (500, 1))] * 3)
    assert look_at(PageText(number=1, outcome="read"), picture).kind == "photo"
    assert look_at(PageText(number=1, outcome="read"), np.full_like(picture, 250)).kind is None
