"""The fictional dynamic XFA form `IMM 9999` for tests: blank, filled in, signed, certified by its agency.

Its places lie as on real forms: sponsor and co-signer sign on printed lines, the applicant in a field, each with a
date beside it; the part that holds them is not bound to data. Free engines see one page "Please wait...".
"""

import io
from collections.abc import Iterable, Mapping
from functools import cache
from xml.sax.saxutils import escape

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from services.ocr.catalogue.learn import learn
from services.ocr.catalogue.model import Entry

FORM, EDITION = "IMM 9999", "2025-01"
DATES = {
    "sponsor": "form1.Signing.Lines.FirstDate",
    "cosigner": "form1.Signing.Lines.SecondDate",
    "applicant": "form1.Signing.Consent.Inner.Day",
}
"""Party to the path of the value of its date."""
APPLICANTS_FIELD = "form1.Signing.Consent.Inner.Text2"
CO_SIGNER_ASKED = "form1.Person.Ask.HasSecond"

Tree = dict[str, "str | Tree"]


def _field(name: str, place: str, widget: str = "textEdit", caption: str = "", speak: str = "") -> str:
    return (
        f'<field name="{name}" {place}><ui><{widget}/></ui>'
        f"<caption><value><text>{caption}</text></value></caption>"
        f"<assist><speak>{speak}</speak></assist></field>"
    )


def _text(text: str, place: str) -> str:
    return f"<draw {place}><value><text>{text}</text></value></draw>"


def _line(name: str, label: str, top: int) -> str:
    """A printed line of 300 x 20 pt with its label below, and its date at the end."""
    return (
        _field(name, f'x="400pt" y="{top}pt" w="100pt" h="20pt"', "dateTimeEdit")
        + _text(label, f'x="20pt" y="{top + 24}pt" w="300pt" h="14pt"')
        + _text("Date: YYYY-MM-DD", f'x="400pt" y="{top + 24}pt" w="100pt" h="14pt"')
    )


_TEMPLATE = (
    '<template xmlns="http://www.xfa.org/schema/xfa-template/2.8/"><subform name="form1" layout="tb">'
    "<pageSet><pageArea><draw><value><text>IMM 9999 (01-2025) E</text></value></draw></pageArea></pageSet>"
    '<subform name="Person" layout="tb"><subform name="Ask">'
    '<exclGroup name="HasSecond" x="10pt" y="5pt"><assist><speak>Is there a co-signer on this application?</speak>'
    '</assist><field name="a" w="30pt" h="12pt"><caption><value><text>No</text></value></caption>'
    "<items><text>0</text></items></field>"
    '<field name="b" x="40pt" w="30pt" h="12pt"><caption><value><text>*Yes</text></value></caption>'
    "<items><text>1</text></items></field></exclGroup></subform>"
    + _field("OtherFirst", 'h="20pt"', caption="*Family name of the person sponsored")
    + _text("SPONSOR PERSONAL DETAILS", 'h="12pt"')
    + '<subform name="Name" h="40pt">'
    + _field("A", 'w="200pt" h="40pt"', caption="*Family name")
    + _field("B", 'x="200pt" w="200pt" h="40pt"', caption="Given name(s)")
    + "</subform>"
    + "".join(_field(f"D{part}", 'h="20pt"', speak=f"Date of birth {part}") for part in ("Year", "Month", "Day"))
    + _field("C", 'h="20pt"', caption="UCI")
    + _text("CO-SIGNER PERSONAL DETAILS", 'h="12pt"')
    + _field("A2", 'h="20pt"', caption="Family name")
    + '</subform><subform name="Part2" layout="tb"><bind match="none"/><subform name="Signing" layout="tb">'
    + _text("SIGNATURES", 'h="12pt"')
    + '<subform name="Lines" w="560pt" h="200pt">'
    + _line("FirstDate", "Sponsor\u2019s signature", 20)
    + _line("SecondDate", "Signature of sponsor\u2019s spouse (if co-signer)", 80)
    + '</subform><subform name="Consent" h="100pt"><subform name="Inner" x="10pt" y="20pt">'
    + _field("Text2", 'x="5pt" y="30pt" w="300pt" h="30pt"', caption="Signature of Applicant or Parent")
    + _field("Day", 'x="400pt" y="32pt" w="100pt" h="26pt"', "dateTimeEdit", "Date: YYYY-MM-DD", "Signature date")
    + "</subform></subform></subform></subform>"
    + '<field name="Agency" presence="invisible"><ui><signature/></ui><bind match="none"/>'
    + "<caption><value><text>Signature</text></value></caption></field></subform></template>"
)


def dynamic_form(
    values: Mapping[str, str] | None = None,
    *,
    signed: Iterable[str] = (),
    datasets: bytes | None = None,
    template: bytes = _TEMPLATE.encode(),
    is_one_stream: bool = False,
) -> bytes:
    """The form with `values` by path, signed digitally in the fields of these names.

    `datasets` and `template` are packets to put in instead of its own; `is_one_stream` keeps them in one.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_shell())))
    data = datasets or _datasets(values or {})
    packets: PdfObject = ArrayObject(
        [
            TextStringObject("template"),
            writer._add_object(_stream(template)),
            TextStringObject("datasets"),
            writer._add_object(_stream(data)),
        ]
    )
    if is_one_stream:
        packets = writer._add_object(_stream(b"<xdp:xdp>" + template + data + b"</xdp:xdp>"))
    certifying = writer._add_object(_signature())
    fields = [_signature_field("Agency", certifying)]
    fields += [_signature_field(name, writer._add_object(_signature())) for name in signed]
    root = DictionaryObject(
        {NameObject("/T"): TextStringObject("form1[0]"), NameObject("/Kids"): ArrayObject(fields)}
    )
    form = {NameObject("/XFA"): packets, NameObject("/Fields"): ArrayObject([root])}
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(form)
    writer.root_object[NameObject("/Perms")] = DictionaryObject({NameObject("/DocMDP"): certifying})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@cache
def learned_dynamic() -> Entry:
    """The catalogue entry of the form."""
    return learn(dynamic_form())


def _shell() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.drawString(72, 700, "Please wait... your viewer may need to be upgraded to Adobe Reader.")
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _stream(content: bytes) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(content)
    return stream


def _signature() -> DictionaryObject:
    numbers = ArrayObject([NumberObject(number) for number in (0, 10, 20, 10)])
    return DictionaryObject(
        {NameObject("/ByteRange"): numbers, NameObject("/Contents"): ByteStringObject(b"not checked")}
    )


def _signature_field(name: str, signature: object) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject(f"{name}[0]"),
            NameObject("/V"): signature,
        }
    )


def _datasets(values: Mapping[str, str]) -> bytes:
    """The packet; a list of choices beside the data holds a loose ampersand, as files in the wild do."""
    data: Tree = {}
    for path, value in values.items():
        *groups, name = path.split(".")
        node = data
        for group in groups:
            node = node.setdefault(group, {})  # type: ignore[assignment]  # no group has the name of a value
        node[name] = value
    namespace = 'xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"'
    choices = "<Choices><Item>Humanitarian & Compassionate</Item></Choices>"
    return f"<xfa:datasets {namespace}><xfa:data>{_xml(data)}</xfa:data>{choices}</xfa:datasets>".encode()


def _xml(tree: Tree) -> str:
    return "".join(
        f"<{name}>{escape(inner) if isinstance(inner, str) else _xml(inner)}</{name}>"
        for name, inner in tree.items()
    )
