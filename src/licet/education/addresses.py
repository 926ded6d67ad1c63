"""Addresses of schools: their one spelling, and what the words in a domain say. Pure functions.

A word means other things in other languages: *alumni* are those who have left, but the Spanish *alumnos*,
the Portuguese *alunos* and the Italian *studenti* are those who are there now.
"""

import re
import unicodedata
from collections.abc import Iterator

import idna

from licet.education.states import Role

# fmt: off
FORMER = frozenset([
    "alum", "alumni", "alumnus", "alumnae", "alums", "ehemalige", "absolventen", "absolvent",
    "absolwent", "absolwenci", "anciens", "ancien", "exalumnos", "exalumno", "exalunos", "exaluno",
    "egresados", "egresado", "graduados", "laureati", "diplomes", "oudleerlingen",
])
LEARNING = frozenset([
    "etu", "etud", "etudiant", "etudiants", "stud", "student", "students", "studenti", "studente",
    "studenten", "studerende", "estudiante", "estudiantes", "estudante", "estudantes", "stu", "std",
    "alumno", "alumnos", "alumna", "alumnas", "alumnat", "alumne", "alumnes", "aluno", "alunos",
    "aluna", "alunas", "alu", "eleve", "eleves", "pupil", "pupils", "schueler", "leerling",
    "leerlingen",
])
TEACHING = frozenset([
    "staff", "faculty", "prof", "profs", "professor", "teacher", "teachers", "lehrer", "lehrkraft",
    "docente", "docentes", "docenti", "enseignant", "enseignants", "personnel",
])
# fmt: on
_ACADEMIE = re.compile(r"(?:^|\.)ac-[a-z-]+\.fr$")  # of French school authorities: for those who work there


def domain(*, text: str) -> str:
    """Return a domain in its one spelling: lower case, IDNA (RFC 5890), no dot at the end.

    ValueError for what is no domain of a mailbox.
    """
    plain = unicodedata.normalize("NFKC", text.strip()).strip(".").lower()
    try:
        spelt = idna.encode(plain, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"{text!r} is not a domain") from error
    if "." not in spelt or len(spelt) > 253 or spelt.rsplit(".", 1)[1].isdigit():
        raise ValueError(f"{text!r} is not a domain")
    return spelt


def mailbox(*, address: str) -> tuple[str, str]:
    """Return the part before the sign and the domain of an address, as it is written to; ValueError else."""
    local, at, under = address.strip().rpartition("@")
    if not at or not local or len(local) > 64 or not re.fullmatch(r"[^\s@\"(),:;<>\[\\\]\x00-\x1f]+", local):
        raise ValueError("not an address")
    return local, domain(text=under)


def one_mailbox(*, address: str) -> str:
    """Return what two spellings of one mailbox have in common: no case, nothing after a plus."""
    local, under = mailbox(address=address)
    folded = unicodedata.normalize("NFKC", local).casefold()
    return f"{folded.split('+', 1)[0] or folded}@{under}"


def above(*, name: str) -> Iterator[str]:
    """Yield a domain and the ones that it lies under, the nearest first, the last label alone left out."""
    labels = name.split(".")
    for at in range(len(labels) - 1):
        yield ".".join(labels[at:])


def former(*, name: str) -> bool:
    """Whether the words of a domain say that its mailboxes belong to those who have left."""
    return any(word in FORMER or word.endswith("alumni") for word in _words(name))


def hint(*, name: str) -> frozenset[Role]:
    """Return the roles that the words of a domain speak of; empty where they say nothing."""
    if _ACADEMIE.search(name):
        return frozenset({Role.TEACHER})
    words = set(_words(name))
    if words & LEARNING:
        return frozenset({Role.PUPIL, Role.STUDENT})
    return frozenset({Role.TEACHER}) if words & TEACHING else frozenset()


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", name)
