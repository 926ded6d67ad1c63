"""Two full customers, made alike through the verbs, and everything of theirs that can stand in an address."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from licet.accounts.models import Person
from licet.catalog.document import EXAMPLE, read
from licet.catalog.rules import Period
from licet.connect.models import Application, Grant
from licet.education import applying, deciding, importing, intake, listing, merging, reading
from licet.education.agreements import actions as agreements
from licet.education.agreements.models import Agreement
from licet.education.applying import Form, Found
from licet.education.directory import Institution, Merger
from licet.education.joining import actions as joining
from licet.education.joining import queries as joinings
from licet.education.joining.models import Joining
from licet.education.models import Case, Document, Entitlement, Programme
from licet.education.proofs.class_code import actions as classes
from licet.education.proofs.class_code import carding, enlisting
from licet.education.proofs.class_code.models import CardRun, Class, Place
from licet.education.proofs.class_code.roster import Pupil
from licet.education.proofs.mailbox import actions as mailbox
from licet.education.proofs.mailbox import rules as loops
from licet.education.proofs.mailbox.models import Loop
from licet.education.sources.rows import InstitutionRow
from licet.education.states import Finding, Kind, Strength
from licet.eventlog.models import Delivery
from licet.invoices.models import Invoice, InvoiceFile
from licet.leases import actions as leases
from licet.leases import borrowing
from licet.leases.borrowing import Asker, Loan
from licet.leases.models import Device, Lease
from licet.licenses import codes
from licet.licenses.models import Code, License
from licet.mailing.models import Mail
from licet.orders import actions as orders
from licet.orders.basket import Basket
from licet.orders.models import Contract, Order
from licet.orders.rules import Address
from licet.projects import actions as projects
from licet.projects.models import InvitationWish, Project, ProjectMember
from licet.projects.states import ProjectRole
from licet.seats import bulk
from licet.seats.models import Seat, SeatBatch, SeatRequest
from licet.seats.requests import request_license
from licet.seats.wishes import Mode, Wish
from licet.signing.queries import secret
from licet.signing.rules import public_jwk
from licet.teams import actions as teams
from licet.teams import recovering
from licet.teams.models import Invitation, Member, Recovery, Team
from licet.teams.queries import token
from licet.teams.states import Role
from tests import doorway
from tests.connect.desktop import Desktop, registered
from tests.education import files
from tests.invoices.conftest import finalised
from tests.rules.money import moved
from tests.rules.selling import sold
from tests.world import OPERATOR, World


@dataclass
class Tenant:
    """One customer: a team with an owner, an admin, a member, an invited person, an order, a held seat.

    `word` stands in every name, address and text of theirs, and nowhere else: whoever reads it
    reads this customer's data.
    """

    world: World
    word: str
    team: Team = field(init=False)
    owner: Person = field(init=False)
    admin: Person = field(init=False)
    member: Person = field(init=False)
    guest: Person = field(init=False)
    order: Order = field(init=False)
    invoice: Invoice = field(init=False)
    seat: Seat = field(init=False)
    invitation: Invitation = field(init=False)
    batch: SeatBatch = field(init=False)
    grant: Grant = field(init=False)
    device: Device = field(init=False)
    lease: Lease = field(init=False)
    asked: SeatRequest = field(init=False)
    recovery: Recovery = field(init=False)
    code: Code = field(init=False)
    project: Project = field(init=False)
    works: ProjectMember = field(init=False)
    wish: InvitationWish = field(init=False)
    programme: Programme = field(init=False)
    entitlement: Entitlement = field(init=False)
    case: Case = field(init=False)
    document: Document = field(init=False)
    loop: Loop = field(init=False)
    agreement: Agreement = field(init=False)
    group: Class = field(init=False)
    run: CardRun = field(init=False)
    place: Place = field(init=False)
    joining: Joining = field(init=False)
    merger: Merger = field(init=False)
    money: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.owner, self.admin, self.member, self.guest = (
            self.world.person(f"{role}@{self.word}.example", f"{role.title()} {self.word}")
            for role in ("owner", "admin", "member", "guest")
        )
        self.team = self.world.found(f"Team {self.word}", owner=self.owner)
        # the vendor's file comes first: it withdraws the applications that it does not have
        assert self.world.catalog
        if not Application.objects.registered().filter(client_id="maquette").exists():
            registered()
        self.world.join(self.team, self.admin, role=Role.ADMIN)
        self.world.join(self.team, self.member)
        self._order()
        self._invoice()
        self.money = moved(order=self.order, world=self.world)
        self.money |= sold(world=self.world, team=self.team, owner=self.owner, word=self.word)
        pool = self.world.licenses(self.team).pool
        self.seat = self.world.seat(pool, self.membership(self.member), by=self.owner)
        self.asked = request_license(
            pool=pool, message=f"For {self.word}", by=self.owner.actor(), now=self.world.now
        )
        self.batch = self._batch()
        self.recovery = recovering.ask(
            team=self.team, reason=f"Gone from {self.word}", by=self.admin.actor(), now=self.world.now
        )
        teams.invite(
            team=self.team,
            emails=[self.guest.email],
            role=Role.MEMBER,
            message=f"Welcome to {self.word}",
            language="en",
            by=self.owner.actor(),
            now=self.world.now,
        )
        self.invitation = Invitation.objects.get(team=self.team, email=self.guest.email)
        Desktop(self.member).sign_in(device_name=f"Computer {self.word}")
        self.grant = Grant.objects.get(person=self.member)
        self._project()
        self.code = codes.issue(
            license=License.objects.filter(pool=pool).latest("pk"),
            member=self.membership(self.member),
            chance=hashlib.sha256(self.word.encode()).digest()[:15],
            by=OPERATOR,
            now=self.world.now,
        )
        self.device = leases.enroll(
            person=self.member,
            jwk=public_jwk(seed=self.word.encode().ljust(32)),
            name=f"Machine {self.word}",
            by=self.member.actor(),
            now=self.world.now,
        )
        self.lease = self._carried()
        self._education()

    def _education(self) -> None:
        """Give the member an education license; leave the administrator's request unsent."""
        now = self.world.now
        importing.import_programmes(
            document=read(text=EXAMPLE.read_text(encoding="utf-8")), by=OPERATOR, now=now
        )
        self.programme = Programme.objects.get(code="campus")
        case = self._request(self.member)
        applying.submit(case=case, by=self.member.actor(), now=now)
        case.refresh_from_db()
        chances = [hashlib.sha256(f"{self.word}{number}".encode()).digest()[:15] for number in range(2)]
        given = deciding.approve_by_proof(case=case, chances=chances, by=OPERATOR, now=now)
        assert given
        self.entitlement = given
        self.case = self._request(self.admin)
        self.document = self._paper(self.case)
        self.loop = mailbox.ask(
            case=self.case, address=f"admin@{self.word}.school.example", by=self.admin.actor(), now=now
        )
        self._joined()
        self._class()

    def _joined(self) -> None:
        """Let the administrator ask for the member's license; merge two schools at the desk."""
        now, by = self.world.now, self.world.victor.actor()
        self.joining = joining.ask(case=self.case, address=self.member.email, by=self.admin.actor(), now=now)
        gone, into = (
            listing.list_institution(
                row=InstitutionRow(names={"": f"{name} {self.word}"}, country="FR", kind=Kind.OTHER),
                by=by,
                now=now,
            )
            for name in ("Old school", "School")
        )
        self.merger = merging.merge(gone=gone, into=into, by=by, now=now)

    def _class(self) -> None:
        """Make the owner a teacher, whose school has an agreement, with a class that has a printed card."""
        by, now = self.owner.actor(), self.world.now
        school = self.merger.into
        case = self._request(self.owner, role="teacher", school=school)
        applying.submit(case=case, by=by, now=now)
        case.refresh_from_db()
        chances = [hashlib.sha256(f"class {self.word}{n}".encode()).digest()[:15] for n in range(4)]
        deciding.approve_by_proof(case=case, chances=chances[:2], by=OPERATOR, now=now)
        end = now.date() + timedelta(days=100)
        said = agreements.Wanted(
            institution=school,
            programme=self.programme,
            product=None,
            seats=20,
            starts_on=now.date(),
            ends_on=end,
            contact=self.owner.email,
        )
        self.agreement = agreements.make(wanted=said, by=self.world.victor.actor(), now=now)
        wanted = classes.Wanted(name=f"Class {self.word}", seats=5, ends_on=end)
        self.group = classes.make(
            programme=self.programme, wanted=wanted, agreement=self.agreement, by=by, now=now
        )
        pupils = [Pupil(1, f"Pupil {self.word}", "")]
        enlisting.add(of=self.group, pupils=pupils, by=by, now=now)
        self.run = carding.order(of=self.group, by=by, now=now)
        carding.make_some(run=self.run, chances=[chances[2:]], by=OPERATOR, now=now)
        carding.finish(run=self.run, sheet=b"", by=OPERATOR, now=now)
        self.place = self.group.places.get()

    def _request(self, person: Person, *, role: str = "student", school: Institution | None = None) -> Case:
        by, now = person.actor(), self.world.now
        form = Form(
            role=role,
            full_name=f"Student {self.word}",
            country="FR",
            institution=school,
            institution_text=f"School {self.word}",
            course=f"Course {self.word}",
        )
        case = applying.start(programme=self.programme, language="en", form=form, by=by, now=now)
        found = Found(kind="mailbox", strength=Strength.MAILBOX, finding=Finding.HOLDS, facts={})
        applying.add_proof(case=case, found=found, by=by, now=now)
        return case

    def _paper(self, case: Case) -> Document:
        """Upload a photo and let the worker read it."""
        chance = hashlib.sha384(self.word.encode()).digest()
        by, now = self.admin.actor(), self.world.now
        name, content = f"{self.word}.jpg", [files.photo(size=(90, 120))]
        sent = intake.receive(case=case, name=name, content=content, chance=chance, by=by, now=now)
        return reading.read(document=sent, by=OPERATOR, now=now)

    def _carried(self) -> Lease:
        """Borrow by file for a machine without network."""
        now, application = self.world.now, Application.objects.get(client_id="maquette")
        doorway.keys(now=now)
        application.products = [self.world.product.code]  # of the vendor's file; nothing is written
        cellar = leases.enroll(
            person=self.member,
            jwk=public_jwk(seed=f"Cellar {self.word}".encode().ljust(32)),
            name=f"Cellar {self.word}",
            by=self.member.actor(),
            now=now,
        )
        return borrowing.borrow(
            loan=Loan(product=self.world.product.code, until=now + timedelta(days=9)),
            asker=Asker(application=application, device=cellar, grant=None, seq=1, nonce=self.word),
            mark=len(self.word),
            by=self.member.actor(),
            now=now,
        )

    def _batch(self) -> SeatBatch:
        product = self.world.other_product
        self.world.licenses(self.team, product)
        wishes = [Wish(self.membership(self.member).public_id, product.code, held=True)]
        by, now = self.owner.actor(), self.world.now
        applied = bulk.apply(team=self.team, wishes=wishes, mode=Mode.ALL_OR_NOTHING, by=by, now=now)
        assert applied.batch
        return applied.batch

    def _project(self) -> None:
        by, now = self.owner.actor(), self.world.now
        self.project = projects.create(team=self.team, name=f"Project {self.word}", by=by, now=now)
        self.works = projects.add(
            project=self.project,
            member=self.membership(self.member),
            role=ProjectRole.EDITOR,
            by=by,
            now=now,
        )
        self.wish = InvitationWish.objects.create(  # of somebody who managed the project and left it
            team=self.team,
            project=self.project,
            email=f"wish@{self.word.lower()}.example",
            role=ProjectRole.EDITOR,
            asked_by=self.member,
            asked_at=now,
        )

    def _order(self) -> None:
        plan = self.world.plan(period=Period.YEAR)
        self.order = orders.place(
            basket=Basket().add(plan=plan.code, quantity=2, price=plan.price),
            team=self.team,
            team_name="",
            address=Address(
                company=f"{self.word} GmbH",
                name=self.owner.full_name,
                street=f"{self.word} street 1",
                postal_code="10115",
                city="Berlin",
                country="DE",
            ),
            checkout_key=f"checkout-{self.word}",
            language="en",
            by=self.owner.actor(),
            now=self.world.now,
        )

    def _invoice(self) -> None:
        """Finalise an invoice to the team, with one file."""
        self.invoice = finalised(self.world, team=self.team, buyer=None)
        InvoiceFile.objects.create(
            invoice=self.invoice, kind="xml", content=b"<x/>", sha256="", made_at=self.world.now
        )

    def _mark(self, url: str) -> str:
        """Return what makes an open link of this name open."""
        if url == "campus_join_link":
            return joinings.token(joining=self.joining)
        return loops.token(key=secret(purpose=loops.LINKS), name=self.loop.public_id)

    @property
    def contract(self) -> Contract:
        """What the order made."""
        return Contract.objects.get(team=self.team)

    def membership(self, person: Person) -> Member:
        """Return the person's membership of this team."""
        return self.world.member(person, self.team)

    def parts(self, url: str) -> dict[str, Any]:
        """Return what fills the gaps of the address named `url`, by the names of its gaps."""
        return {**self._parts, "mark": self._mark(url)}

    @cached_property
    def _parts(self) -> dict[str, Any]:
        # read once: every request of the table is undone
        return {
            "team": self.team.public_id,
            "member": self.membership(self.member).public_id,
            "product": self.world.product.code,
            "order": self.order.public_id,
            "invoice": self.invoice.public_id,
            "form": "xml",
            "contract": self.contract.public_id,
            "other": self.contract.public_id,
            "plan": self.world.plan(period=Period.YEAR).code,
            "invitation": self.invitation.public_id,
            "token": token(invitation=self.invitation),
            "device": self.device.public_id,
            "seat": self.seat.public_id,
            "lease": self.lease.public_id,
            "code": self.code.public_id,
            "license": getattr(self.code.license, "public_id", ""),
            "asked": self.asked.public_id,
            "grant": self.grant.public_id,
            "batch": self.batch.public_id,
            "recovery": self.recovery.public_id,
            "delivery": getattr(Delivery.objects.first(), "pk", 1),
            "mail": getattr(Mail.objects.first(), "pk", 1),
            "pk": 1,
            "number": 0,
            "uidb36": "1",
            "key": "set-password",
            "project": self.project.public_id,
            "works": self.works.public_id,
            "wish": self.wish.public_id,
            "programme": self.programme.code,
            "entitlement": self.entitlement.public_id,
            "case": self.case.public_id,
            "document": self.document.public_id,
            "page": 1,
            "loop": self.loop.public_id,
            "domain": "school.example",
            "group": self.group.public_id,
            "place": self.place.public_id,
            "run": self.run.public_id,
            "agreement": self.agreement.public_id,
            "joining_id": self.joining.public_id,
            "institution": self.merger.into.public_id,
            "merger": self.merger.public_id,
            **self.money,
        }
