"""Papers that are signed, made here by authorities of our own, and what nobody should send."""

import base64
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import zxingcpp
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

GS, US = "\x1d", "\x1f"
EPOCH = date(2000, 1, 1)
LONG_AGO, FAR = datetime(2024, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)

# Specimens of "Specifications techniques 2D-Doc" of France Titres, versions 2, 2, 3 and 4: invented people.
SPECIMENS = [
    f"DC02FR000001125E125B0126FR247500010MME/SPECIMEN/NATACHA{GS}22145 AVENUE DES SPECIMENS{GS}{US}"
    "54LDD5F7JD4JEFPR6WZYVZVB2JZXPZB73SP7WUTN5N44P3GESXW75JZUZD5FM3G4URAJ6IKDSSUB66Y3OWQIEH22G46QOAGWH7YHJWQ",
    f"DC02FR000001125E125C0026FR245700010MLLE/SAMPLE/ANGELA{GS}20{GS}21BAT 2 ETG 3{GS}23{GS}25METZ{GS}"
    f"227 PLACE DES SPECIMENS{GS}{US}"
    "Z2HSK7UZM6KPL7UL6OK7NR77GSPGPNNUYYEE4ZV75L5OCIWKVOXTV3I5AJLRSUDOIR76F75QY5Z7KLH3FACKHVF7JH3DYMRI5EIAZMI",
    f"DC03FR000001123F1636010126FR247500010MME/SPECIMEN/NATACHA{GS}22145 AVENUE DES SPECIMENS{GS}{US}"
    "FEDMPW5SO5BNZFYP7FIQUYZFV5H3OF6QERDMOBN7BZ4CC4KVJ4XWUH6EW3CSWILAGLN4XQE6AKHX6RNOI3OXVW6X3IKJASZGL62FBUQ",
    f"DC04FR0000011E581E58B201FRF0DEPOTHPRIM{GS}F1NEG{GS}F201011955F3FF4945006{GS}F5NF6070420211010{US}"
    "MRZICP23SZTCLV2APC5P2AQVZDKHDKRG5KOIYGBKDXUA7N5O75QLWMKJBFSL3WJZYG2HHF4Z3K5E6E2GJFOVSV7E2W2XVHEXXVDXYNY",
]


@dataclass(frozen=True)
class Signer:
    """A certificate, its key, and the certificate that issued it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    above: "Signer | None" = None

    def der(self) -> bytes:
        """Return the certificate."""
        return self.certificate.public_bytes(serialization.Encoding.DER)


def signer(
    name: str,
    *,
    above: Signer | None = None,
    organization: str = "Académie du Rhin",
    since: datetime = LONG_AGO,
    until: datetime = FAR,
) -> Signer:
    """Return a certificate of our own; an authority's where nobody stands above it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=above is not None, content_commitment=above is not None,
        key_cert_sign=above is None, crl_sign=above is None, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=above is None, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(above.key if above else key, hashes.SHA256())
    )
    return Signer(certificate=made, key=key, above=above)


def barcode(
    by: Signer,
    *,
    kind: str = "B1",
    given: str = "NADIA/MARIE",
    family: str = "ROUX",
    usage: str = "",
    year: int = 2026,
    student: str = "1234567890A",
    signed_on: date = date(2026, 9, 1),
    authority: str = "FR42",
    number: str = "LIC1",
) -> bytes:
    """Return the content of a signed barcode, version 4."""
    day = f"{(signed_on - EPOCH).days:04X}"
    fields = f"B0{given}{GS}B2{family}{GS}" + (f"B3{usage}{GS}" if usage else "")
    message = f"DC04{authority}{number}{day}{day}{kind}01FR{fields}BB{student}{GS}BF{year:03X}"
    r, s = decode_dss_signature(by.key.sign(message.encode(), ec.ECDSA(hashes.SHA256())))
    signature = base64.b32encode(r.to_bytes(32) + s.to_bytes(32)).decode().rstrip("=")
    return f"{message}{US}{signature}".encode()


def symbol(content: bytes, *, scale: int = 6) -> Image.Image:
    """Return the barcode as a picture."""
    drawn = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode(content.decode(), zxingcpp.DataMatrix), scale=scale
    )
    height, width = drawn.shape
    return Image.frombytes("L", (width, height), memoryview(drawn).tobytes())


def attestation(content: bytes, *, form: str = "PDF") -> bytes:
    """Return a paper of one page with this barcode, as PDF or as a picture."""
    page = Image.new("RGB", (1240, 1754), "white")
    page.paste(symbol(content), (140, 200))
    out = io.BytesIO()
    page.save(out, form)
    return out.getvalue()


def sealed(content: bytes, *, by: Signer, at: datetime | None = None, on_field: str = "Seal") -> bytes:
    """Return a PDF with a seal that covers all of it."""
    held = SimpleCertificateStore()
    if by.above is not None:
        held.register(asn1.Certificate.load(by.above.der()))
    private = by.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    hand = signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(by.der()),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=held,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    meta = signers.PdfSignatureMetadata(
        field_name=on_field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    return signers.sign_pdf(writer, meta, signer=hand).getvalue()


def appended(content: bytes) -> bytes:
    """Return a PDF to which somebody has added an object after it was sealed."""
    from pyhanko.pdf_utils import generic

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root["/Note"] = writer.add_object(generic.TextStringObject("and one more line"))
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def soon(moment: datetime) -> datetime:
    """Return a day later."""
    return moment + timedelta(days=1)
