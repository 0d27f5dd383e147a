"""In which language a paper is written, by its small words and the words of certificates.

Place in the pipeline: called by `paper`. Trust level: untrusted words. Residual risk: a short paper, or one in two
languages, has none; text in a script that was not recognised is no text at all.

The words are folded (no case, no accents), for that is what recognition gets wrong first.
"""

import re
from collections import Counter
from collections.abc import Iterable

from wetink.contracts.reading import Word
from wetink.folding import fold

_WORDS = {
    "en": """the of and to in is that for was with on this by are as be from or have has an at which were not his
        her i my we you your it he she they name birth place father mother number issued county state city
        address signature amount account hereby certify dear""",
    "fr": """le la les de des du et en est que pour dans par sur avec au aux une un qui ce cette ne pas sont nous
        vous je mon sa son ses il elle nom prenom prenoms naissance lieu pere mere fils fille numero delivre
        mairie commune acte etat civil soussigne signature""",
    "es": """el la los las de del y en es que por para con un una al se su sus como lo no fue esta este yo mi
        nombre nombres apellido apellidos fecha lugar nacimiento padre madre hijo hija numero acta registro
        civil estado municipio firma presente suscrito""",
    "pt": """o a os as de do da dos das e em um uma que por para com no na ao se seu sua foi nao como eu meu nome
        nascimento data pai mae filho filha numero certidao registro registo livro folha cartorio municipio
        natural assinatura presente""",
    "it": """il lo la i gli le di del della dei delle e in un una che per con al alla da nel nella si suo sua non
        sono io mio nome cognome nato nata nascita luogo data padre madre figlio figlia numero atto comune
        stato civile firma certifica sottoscritto""",
    "de": """der die das den dem des und in ist zu mit von fur auf ein eine einer im am nicht sich als auch wurde
        ich mein sie er name vorname familienname geburtsname geboren geburtsort tag vater mutter nummer
        standesamt urkunde beglaubigt unterschrift datum""",
    "nl": """de het een van en in is dat op te voor met zijn aan door niet er als bij werd ik mijn naam voornaam
        geslachtsnaam geboren geboorteplaats datum vader moeder akte gemeente burgerlijke stand handtekening""",
    "pl": """i w z na do nie sie jest ze o od po za przez dla oraz jako nr imie imiona nazwisko urodzenia data
        miejsce ojca matki ojciec matka akt urzad stanu cywilnego odpis podpis""",
    "ro": """si de la in cu pe din pentru un o care este nu sa au al ale prin numele prenumele nasterii data
        locul tata mama tatal certificat judetul comuna orasul semnatura""",
    "tr": """ve bir bu ile icin olarak olan da de tarihi adi soyadi dogum yeri baba ana anne numarasi nufus kayit
        belgesi imza tarihinde""",
    "tl": """ang ng sa mga na ay at ko si ni kay para hindi ako siya pangalan petsa kapanganakan ama ina lungsod
        bayan lagda""",
    "ht": """nan ak pou yo ki se li nou mwen te pa sou non siyati dat nesans papa manman fet kominal leta sivil""",
}
_LANGUAGES = {
    word: [tag for tag, words in _WORDS.items() if word in words.split()]
    for words in _WORDS.values()
    for word in words.split()
}
_SCRIPTS = {
    "und-Cyrl": r"[\u0400-\u04ff]",
    "und-Arab": r"[\u0600-\u06ff]",
    "el": r"[\u0370-\u03ff]",
    "he": r"[\u0590-\u05ff]",
    "ko": r"[\uac00-\ud7af]",
    "ja": r"[\u3040-\u30ff]",
    "zh": r"[\u4e00-\u9fff]",
    "th": r"[\u0e00-\u0e7f]",
    "und-Deva": r"[\u0900-\u097f]",
    "und-Beng": r"[\u0980-\u09ff]",
    "am": r"[\u1200-\u137f]",
    "hy": r"[\u0530-\u058f]",
    "ka": r"[\u10a0-\u10ff]",
}
"""A script that several languages share names the script alone."""
_SURE = 50.0
_COUNTED = 5
"""So often one word counts at most, shared among the languages that have it: De la Cruz makes no language."""
_FEWEST = 4.0
_MARGIN = 2.0
_LEAST_SHARE = 0.12
_SCRIPT_SHARE = 0.4


def language_of(words: Iterable[Word]) -> str | None:
    """The language (BCP 47) of the words that were read with confidence; null where it is not certain."""
    text = " ".join(word.text for word in words if word.confidence >= _SURE)
    return _by_script(text) or _by_words(re.findall(r"[^\W\d_]{2,}", fold(text)))


def _by_script(text: str) -> str | None:
    letters = sum(character.isalpha() for character in text)
    for tag, pattern in _SCRIPTS.items():
        found = len(re.findall(pattern, text))
        if found >= _FEWEST and found >= _SCRIPT_SHARE * letters:
            return tag
    return None


def _by_words(words: list[str]) -> str | None:
    scores: dict[str, float] = dict.fromkeys(_WORDS, 0.0)
    for word, number in Counter(words).items():
        spoken = _LANGUAGES.get(word, [])
        for tag in spoken:
            scores[tag] += min(number, _COUNTED) / len(spoken)
    first, second = sorted(scores.items(), key=lambda one: -one[1])[:2]
    hits = sum(first[0] in _LANGUAGES.get(word, ()) for word in words)
    is_certain = first[1] >= _FEWEST and first[1] >= _MARGIN * second[1] and hits >= _LEAST_SHARE * len(words)
    return first[0] if is_certain else None
