"""Certificates in an operator's files: DER, PEM, and what French authorities publish for barcodes."""

from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

ENDINGS = {".der", ".cer", ".crt", ".pem", ".p7"}


def certificates(*, path: Path) -> Iterator[bytes]:
    """Yield the certificates of a file, or of a folder's files, as DER. ValueError where a file has none."""
    if path.is_dir():
        for each in sorted(path.iterdir()):
            if each.suffix.lower() in ENDINGS:
                yield from certificates(path=each)
        return
    found = [each.public_bytes(Encoding.DER) for each in _read(path.read_bytes())]
    if not found:
        raise ValueError(f"{path.name} has no certificate")
    yield from found


def _read(data: bytes) -> Iterator[x509.Certificate]:
    if b"-----BEGIN CERTIFICATE-----" in data:
        yield from x509.load_pem_x509_certificates(data)
    elif b"--End" in data[:20] or b"application/pkix-cert" in data:
        # "Specifications techniques 2D-Doc", publication of certificates: parts of a MIME message.
        for part in data.split(b"--End"):
            head, _blank, body = part.partition(b"\r\n\r\n")
            if b"application/pkix-cert" in head:
                yield x509.load_der_x509_certificate(body.removesuffix(b"\r\n"))
    else:
        yield x509.load_der_x509_certificate(data)
