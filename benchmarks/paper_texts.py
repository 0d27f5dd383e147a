"""The texts of `benchmarks.papers`: what papers say, of which kind and in which language they are."""

from typing import NamedTuple

from wetink.contracts.reading import PaperKind


class PaperText(NamedTuple):
    """Lines from top to bottom, `# ` before a heading; `is_signed`: there is a place to sign at its end."""

    kind: PaperKind
    language: str | None
    lines: tuple[str, ...]
    is_signed: bool = True


CLOSINGS = {
    "en": ("Sincerely,", "Respectfully,", "Best regards,", "Yours truly,"),
    "fr": ("Cordialement,", "Salutations distinguées,"),
    "es": ("Atentamente,", "Cordialmente,"),
    "pt": ("Atenciosamente,",),
    "de": ("Mit freundlichen Grüßen",),
    "it": ("Cordiali saluti,", "In fede,"),
}
LABELS = {
    "en": ("Signature", "Signature of registrar", "Authorized signature", "Translator's signature", "Signed by"),
    "fr": ("Signature", "Signature de l'officier", "Signature du déclarant"),
    "es": ("Firma", "Firma del oficial", "Firma del interesado"),
    "pt": ("Assinatura", "Assinatura do oficial"),
    "de": ("Unterschrift", "Unterschrift des Beamten"),
    "it": ("Firma", "Firma dell'ufficiale"),
}

TEXTS = (
    PaperText("birth_certificate", "en", (
        "COMMONWEALTH OF VIRGINIA",
        "DEPARTMENT OF HEALTH - DIVISION OF VITAL RECORDS",
        "",
        "# CERTIFICATE OF LIVE BIRTH",
        "",
        "Full name of child: Alex Quentin Example", "Date of birth: June 3, 1988   Sex: F   Time: 04:12",
        "Place of birth: Richmond   County: Henrico",
        "Mother's maiden name: Mary Ann Sample",
        "Father's name: Peter Example",
        "This is to certify that this is a true and correct reproduction of the original record",
        "filed with the registrar.",
    )),
    PaperText("birth_certificate", "es", (
        "REPÚBLICA DE COLOMBIA",
        "ORGANIZACIÓN ELECTORAL - REGISTRADURÍA NACIONAL DEL ESTADO CIVIL",
        "",
        "# REGISTRO CIVIL DE NACIMIENTO",
        "",
        "Apellidos y nombres del inscrito: Ejemplo Modelo Alejandra",
        "Fecha de nacimiento: 3 de junio de 1988   Lugar de nacimiento: Bogotá",
        "Nombre de la madre: María Modelo   Nombre del padre: Pedro Ejemplo",
        "Fecha de inscripción y firma del funcionario que autoriza",
        "Se expide la presente a solicitud de la parte interesada",
    )),
    PaperText("marriage_certificate", "fr", (
        "ROYAUME DE BELGIQUE", "VILLE DE LIÈGE - ÉTAT CIVIL", "", "# EXTRAIT D'ACTE DE MARIAGE", "",
        "Le trois juin mil neuf cent quatre-vingt-huit ont contracté mariage devant nous",
        "Nom de l'époux: Exemple, prénom Pierre, né à Namur, acte de naissance numéro 12",
        "Nom de l'épouse: Modèle, prénom Marie, née à Liège",
        "en présence de deux témoins, pour extrait conforme délivré par la commune",
    )),
    PaperText("letter", "en", (
        "14 Harbor Road", "Portland, ME 04101", "April 9, 2026", "", "Dear Officer,", "",
        "I am writing in support of my neighbor, whom I have known since she and her husband came.",
        "They share their home and the care of their child, whose birth certificate lists them both.",
        "I attended their wedding and have seen their marriage certificate. Please ask me any questions.",
    )),
    PaperText("letter", "fr", (
        "Liège, le 9 avril 2026",
        "",
        "Madame, Monsieur,",
        "",
        "Je vous écris pour vous dire que je connais cette famille depuis dix ans et que",
        "les enfants vont à la même école que les nôtres. Ils sont honnêtes et nous les recevons souvent.",
        "Je reste à votre disposition pour toute question.",
    )),
    PaperText("translation_certificate", "en", (
        "# CERTIFICATION OF TRANSLATOR'S COMPETENCE",
        "",
        "I, Alex Q. Example, certify that I am competent to translate from French into English,",
        "and that the above is a complete and accurate translation of the document entitled acte de mariage.",
        "Address: 14 Harbor Road, Portland, ME 04101",
        "Telephone: 207-555-0134   Date: April 9, 2026",
    )),
    PaperText("police_certificate", "pt", (
        "REPÚBLICA FEDERATIVA DO BRASIL",
        "MINISTÉRIO DA JUSTIÇA - POLÍCIA FEDERAL",
        "",
        "# CERTIDÃO DE ANTECEDENTES CRIMINAIS",
        "",
        "A Polícia Federal certifica, após pesquisa no sistema, que não constam condenações criminais em nome de",
        "Alexandra Exemplo, filha de Maria Modelo e de Pedro Exemplo, com o passaporte de número",
        "Esta certidão é válida por noventa dias e foi expedida pela internet",
    )),
    PaperText("financial_record", "en", (
        "FIRST EXAMPLE CREDIT UNION",
        "",
        "# ACCOUNT STATEMENT",
        "",
        "Statement period: 03/01/2026 - 03/31/2026   Account number: XXXX4412",
        "Beginning balance $2,140.11",
        "03/02 Deposit payroll 1,310.00",
        "03/09 Withdrawal 60.00",
        "03/17 Grocery store 84.19",
        "Ending balance $3,305.92",
        "If you have questions about your account please write to the address below.",
    ), is_signed=False),
    PaperText("medical_report", "es", (
        "HOSPITAL GENERAL DE EJEMPLO",
        "",
        "# INFORME MÉDICO",
        "",
        "Nombre del paciente: Alejandra Ejemplo   Edad: 37 años",
        "El paciente acude a la consulta por dolor en la espalda desde hace tres meses.",
        "Diagnóstico: lumbalgia. Tratamiento: reposo y ejercicios. No se observan lesiones.",
        "Se extiende el presente a petición de la persona interesada.",
    )),
    PaperText("divorce_certificate", "en", (
        "IN THE FAMILY COURT OF THE STATE OF DELAWARE",
        "Petitioner: Alex Example   Respondent: Robin Sample",
        "",
        "# FINAL DECREE OF DIVORCE",
        "",
        "The court having heard the petition finds that the marriage of the parties is irretrievably broken.",
        "It is ordered that the marriage be dissolved and that the wife may resume her maiden name.",
    )),
    PaperText("death_certificate", "de", (
        "Standesamt Musterstadt",
        "",
        "# STERBEURKUNDE",
        "",
        "Peter Muster, geboren am 3. Juni 1938 in Köln, wohnhaft in der Hauptstraße, ist am",
        "9. April 2019 um 4 Uhr in Musterstadt verstorben. Der Verstorbene war mit Maria Muster verheiratet.",
        "Die Urkunde stimmt mit den Eintragungen im Register überein.",
    )),
    PaperText("birth_certificate", "it", (
        "COMUNE DI NAPOLI", "UFFICIO DELLO STATO CIVILE", "", "# ESTRATTO DELL'ATTO DI NASCITA", "",
        "Dal registro degli atti di nascita risulta che il giorno tre del mese di giugno è nata nel comune",
        "cognome Esempio, nome Alessandra, figlia di Pietro e di Maria Modello",
        "Si rilascia in carta libera per gli usi consentiti dalla legge",
    )),
    PaperText("evidence", "en", (
        "# APARTMENT LEASE AGREEMENT",
        "",
        "This lease is made between the landlord and the tenants, who will live together in the apartment.",
        "The rent is due on the first day of each month. The tenants have paid a deposit for the rooms.",
        "No pets are allowed without the consent of the landlord in writing.",
    )),
)  # fmt: skip
