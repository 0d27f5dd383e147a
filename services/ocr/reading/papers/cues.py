"""The words by which kinds of paper are known, folded (no case, no accents): data for `kind`.

Place in the pipeline: read by `kind` alone. Trust level: our own. Residual risk: a paper that says none of this is
`evidence`.
"""

from wetink.contracts.reading import PaperKind

TITLES: dict[PaperKind, tuple[str, ...]] = {
    "birth_certificate": (
        "birth certificate", "certificate of birth", "certificate of live birth", "certification of birth",
        "certification of live birth", "live birth certificate", "birth registration", "registration of birth",
        "record of birth", "report of birth", "certification of vital record birth", "consular report of birth",
        "entry of birth", "entry of a birth", "acte de naissance", "extrait de naissance",
        "certificat de naissance", "bulletin de naissance", "declaration de naissance", "acta de nacimiento",
        "partida de nacimiento", "certificado de nacimiento", "registro de nacimiento",
        "certificacion de nacimiento", "acta de inscripcion de nacimiento", "registro civil de nacimiento",
        "certidao de nascimento", "assento de nascimento", "registo de nascimento", "certificato di nascita",
        "atto di nascita", "estratto di nascita", "estratto dell'atto di nascita", "geburtsurkunde",
        "geburtenregister", "geburtsschein", "geboorteakte", "akt urodzenia", "certificat de nastere",
        "dogum belgesi", "batiste", "ak nesans",
    ),
    "marriage_certificate": (
        "marriage certificate", "certificate of marriage", "marriage license",
        "license and certificate of marriage", "record of marriage", "registration of marriage",
        "marriage registration", "certification of marriage", "entry of marriage",
        "certificate of holy matrimony", "marriage contract", "nikah nama", "nikahnama", "acte de mariage",
        "certificat de mariage", "extrait de mariage", "acta de matrimonio", "partida de matrimonio",
        "certificado de matrimonio", "registro civil de matrimonio", "certificacion de matrimonio",
        "acta de inscripcion de matrimonio", "certidao de casamento", "assento de casamento",
        "certificato di matrimonio", "atto di matrimonio", "estratto dell'atto di matrimonio", "heiratsurkunde",
        "eheurkunde", "huwelijksakte", "akt malzenstwa", "certificat de casatorie", "evlenme cuzdani",
    ),
    "divorce_certificate": (
        "divorce certificate", "certificate of divorce", "decree of divorce", "divorce decree",
        "decree absolute", "judgment of divorce", "judgement of divorce", "final decree of divorce",
        "dissolution of marriage", "decree of dissolution", "final order of divorce", "divorce order",
        "annulment of marriage", "acte de divorce", "jugement de divorce", "certificat de divorce",
        "acta de divorcio", "sentencia de divorcio", "certificado de divorcio", "escritura de divorcio",
        "certidao de divorcio", "sentenca de divorcio", "averbacao de divorcio", "sentenza di divorzio",
        "certificato di divorzio", "cessazione degli effetti civili", "scheidungsurteil", "scheidungsurkunde",
        "scheidungsbeschluss", "talaknama",
    ),
    "death_certificate": (
        "death certificate", "certificate of death", "record of death", "registration of death",
        "certification of death", "entry of death", "acte de deces", "certificat de deces", "extrait de deces",
        "acta de defuncion", "partida de defuncion", "certificado de defuncion", "registro civil de defuncion",
        "certidao de obito", "assento de obito", "certificato di morte", "atto di morte", "sterbeurkunde",
        "overlijdensakte", "akt zgonu",
    ),
    "police_certificate": (
        "police certificate", "police clearance", "police clearance certificate", "criminal record certificate",
        "criminal record check", "certificate of good conduct", "certificate of conduct",
        "good conduct certificate", "criminal history record", "identity history summary", "police record",
        "criminal background check", "certificate of no criminal record", "nbi clearance",
        "police character certificate", "clearance certificate", "extrait du casier judiciaire",
        "casier judiciaire", "certificat de bonne conduite", "certificat de police", "antecedentes penales",
        "certificado de antecedentes penales", "certificado de antecedentes", "constancia de antecedentes",
        "carta de no antecedentes penales", "antecedentes policiales", "certidao de antecedentes criminais",
        "antecedentes criminais", "registo criminal", "atestado de antecedentes", "certificato penale",
        "casellario giudiziale", "certificato del casellario giudiziale", "fuhrungszeugnis",
        "strafregisterbescheinigung", "adli sicil kaydi",
    ),
    "translation_certificate": (
        "certificate of translation", "translation certificate", "certification of translation",
        "certified translation", "certificate of translation accuracy", "certificate of accuracy",
        "certificate of accurate translation", "translator's certification", "translator certification",
        "translators certification", "certification by translator", "certification of translator",
        "translator's certificate", "certificate of translator", "translator's affidavit",
        "affidavit of translation", "affidavit of translator", "translator's declaration",
        "certification of translator's competence", "certificate of translation competence",
        "statement of translator", "translator's statement", "attestation de traduction",
        "certificat de traduction", "traduction certifiee", "affidavit du traducteur",
        "certificado de traduccion", "certificacion de traduccion", "declaracion del traductor",
        "certificado de traducao", "declaracao do tradutor", "attestazione di traduzione",
        "bescheinigung des ubersetzers",
    ),
    "financial_record": (
        "bank statement", "account statement", "statement of account", "account summary",
        "tax return transcript", "account transcript", "wage and tax statement", "wage and income transcript",
        "earnings statement", "statement of earnings", "pay stub", "payslip", "pay slip", "pay statement",
        "payroll", "brokerage statement", "balance sheet", "notice of assessment", "bank verification",
        "proof of funds", "certificate of deposit", "u.s. individual income tax return",
        "individual income tax return", "profit and loss statement", "credit card statement",
        "checking account", "savings account", "invoice", "social security benefit statement",
        "releve de compte", "releve bancaire", "bulletin de paie", "bulletin de salaire", "fiche de paie",
        "avis d'imposition", "avis de cotisation", "estado de cuenta", "extracto bancario", "recibo de nomina",
        "recibo de sueldo", "declaracion de la renta", "constancia de ingresos", "certificado de ingresos",
        "extrato bancario", "extrato de conta", "contracheque", "holerite", "declaracao de imposto de renda",
        "estratto conto", "busta paga", "cedolino", "kontoauszug", "gehaltsabrechnung", "lohnabrechnung",
        "steuerbescheid",
    ),
    "medical_report": (
        "medical report", "medical certificate", "medical record", "medical records",
        "report of medical examination", "medical examination", "vaccination record", "immunization record",
        "vaccination certificate", "certificate of vaccination", "certificate of immunization",
        "discharge summary", "laboratory report", "lab report", "laboratory results", "radiology report",
        "hospital report", "psychological evaluation", "psychiatric evaluation", "patient summary",
        "medical history", "progress notes", "test results", "rapport medical", "certificat medical",
        "carnet de vaccination", "carnet de sante", "compte rendu medical", "informe medico",
        "certificado medico", "historia clinica", "cartilla de vacunacion", "carnet de vacunacion",
        "resultados de laboratorio", "relatorio medico", "atestado medico", "laudo medico",
        "certificato medico", "referto medico", "cartella clinica", "arztlicher bericht", "arztbericht",
        "arztliches attest", "arztliche bescheinigung", "arztbrief", "impfpass",
    ),
    "passport": (
        "passport", "passeport", "pasaporte", "passaporto", "passaporte", "reisepass", "paspoort", "paszport",
    ),
}  # fmt: skip
"""What stands as the heading of such a paper."""

BODIES: dict[PaperKind, tuple[str, ...]] = {
    "birth_certificate": (
        "mother", "father", "place of birth", "time of birth", "maiden name", "registrar", "attendant", "born",
        "mere", "pere", "lieu de naissance", "officier de l'etat civil", "ne le", "nee le", "madre", "padre",
        "lugar de nacimiento", "registro civil", "abuelo", "mae", "pai", "oficial do registro",
        "luogo di nascita", "stato civile", "mutter", "vater", "standesamt",
    ),
    "marriage_certificate": (
        "bride", "groom", "spouse", "solemnized", "officiant", "united in marriage", "were married",
        "witnesses", "epoux", "epouse", "temoins", "officier de l'etat civil", "contrayente", "contrayentes",
        "conyuge", "conyuges", "testigos", "registro civil", "nubentes", "testemunhas", "sposi", "sposo",
        "sposa", "testimoni", "ehegatten", "ehemann", "ehefrau", "standesamt",
    ),
    "divorce_certificate": (
        "petitioner", "respondent", "plaintiff", "defendant", "court", "judge", "decree", "dissolved",
        "marriage", "tribunal", "juge", "juzgado", "juez", "demandante", "demandado", "juizo", "juiz",
        "giudice", "gericht",
    ),
    "death_certificate": (
        "cause of death", "deceased", "decedent", "date of death", "place of death", "burial", "informant",
        "defunt", "decede", "difunto", "fallecido", "causa de la muerte", "falecido", "defunto", "verstorben",
    ),
    "police_certificate": (
        "criminal", "convictions", "no record", "fingerprints", "conviction", "police", "penal", "penales",
        "judiciaire", "condamnation", "condenas", "criminais", "polizei", "ministry of justice", "policia",
    ),
    "translation_certificate": (
        "translate", "translation", "translator", "complete and accurate", "competent", "traduction",
        "traducteur", "traduccion", "traductor", "traducao", "tradutor", "traduzione", "ubersetzung",
    ),
    "financial_record": (
        "balance", "deposits", "withdrawals", "account number", "statement period", "opening balance",
        "net pay", "closing balance", "ending balance", "beginning balance", "gross", "transactions",
        "adjusted gross income", "employer", "solde", "compte", "iban", "saldo", "cuenta", "retiros",
        "depositos", "conta", "conto", "kontostand",
    ),
    "medical_report": (
        "patient", "diagnosis", "physician", "hospital", "clinic", "treatment", "dose", "vaccine", "symptoms",
        "prescription", "medecin", "diagnostic", "traitement", "medico", "paciente", "diagnostico",
        "tratamiento", "hospital", "paziente", "diagnosi", "diagnose", "arzt", "dosis", "blood",
    ),
    "passport": (
        "nationality", "nationalite", "nacionalidad", "nationalitat", "date of expiry", "date of issue",
        "surname", "given names", "authority", "passport no", "passport number", "type", "holder's signature",
        "date d'expiration", "fecha de caducidad", "fecha de expiracion", "autorite", "autoridad", "sex",
        "country code", "code of issuing state",
    ),
}  # fmt: skip
"""What such a paper says besides."""

SALUTATIONS = (
    "dear ", "to whom it may concern", "to whomever it may concern", "your honor", "dear sir",
    "madame, monsieur", "madame monsieur", "cher ", "chere ", "a qui de droit", "monsieur,", "madame,",
    "a quien corresponda", "a quien pueda interesar", "a quien interese", "estimado", "estimada", "muy senor",
    "querido", "prezado", "prezada", "a quem possa interessar", "caro ", "cara ", "egregio", "gentile",
    "spettabile", "a chi di competenza", "sehr geehrte", "liebe ", "lieber ", "geachte",
)  # fmt: skip
"""How a letter begins; the line starts so."""

CLOSINGS = (
    "sincerely", "yours truly", "yours sincerely", "yours faithfully", "very truly yours", "sincerely yours",
    "respectfully", "respectfully submitted", "respectfully yours", "best regards", "kind regards",
    "warm regards", "regards", "with best wishes", "cordially", "with gratitude", "cordialement",
    "bien cordialement", "sinceres salutations", "salutations distinguees", "atentamente", "cordialmente",
    "respetuosamente", "saludos cordiales", "sinceramente", "saludos", "atenciosamente", "respeitosamente",
    "cordiali saluti", "distinti saluti", "in fede", "mit freundlichen grussen", "hochachtungsvoll",
    "met vriendelijke groet",
)  # fmt: skip
"""How a letter ends; the line is little else."""

FORM_WORDS = (
    "omb no", "omb control", "for official use only", "for uscis use only", "uscis form",
    "department of homeland security", "u.s. citizenship and immigration services",
    "immigration, refugees and citizenship", "start here", "type or print in black ink",
    "protected when completed", "part 1.", "part 2.", "part 3.", "part 4.", "item number", "a validate",
    "disponible en francais", "page 1 of", "applicant's statement", "preparer's", "check this box",
)  # fmt: skip
"""What the forms of an agency say of themselves."""
