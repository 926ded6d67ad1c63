"""What follows from which event: the one table of side effects.

A handler is a function `handler(*, event: Event, now: datetime) -> None` that the worker
calls, at least once; it must not mind being called again. `AUDIT_ONLY` says that a fact
has no consequence, on purpose.
"""

from collections.abc import Callable, Sequence

from licet.accounts import events as accounts
from licet.accounts import mail as accounts_mail
from licet.catalog import events as catalog
from licet.catalog import mail as catalog_mail
from licet.connect import events as connect
from licet.connect import mail as connect_mail
from licet.education import desk_events as education_desk
from licet.education import directory_events as directory
from licet.education import events as education
from licet.education import mail as education_mail
from licet.education import reading, retention
from licet.education.agreements import events as agreements
from licet.education.issuers import events as issuers
from licet.education.joining import events as joining
from licet.education.joining import mail as joining_mail
from licet.education.proofs.class_code import events as classes
from licet.education.proofs.class_code import following
from licet.education.proofs.class_code import mail as classes_mail
from licet.education.proofs.mailbox import events as mailbox
from licet.education.proofs.mailbox import mail as mailbox_mail
from licet.eventlog import events as eventlog
from licet.eventlog.change import AUDIT_ONLY
from licet.eventlog.facts import Fact
from licet.invoices import events as invoices
from licet.invoices import mail as invoices_mail
from licet.invoices import rendering as invoices_rendering
from licet.invoices import transmitting
from licet.leases import events as leases
from licet.leases import mail as leases_mail
from licet.licenses import events as licenses
from licet.licenses import mail as licenses_mail
from licet.orders import events as orders
from licet.orders import invoicing, partner_mail, paying, payment_mail, promise_mail, settling
from licet.orders import mail as orders_mail
from licet.orders.succession import events as succession
from licet.orders.succession import leaving
from licet.partners import events as partners
from licet.payments import actions as payments_actions
from licet.payments import events as payments
from licet.payments import statements
from licet.projects import events as projects
from licet.projects import mail as projects_mail
from licet.seats import events as seats
from licet.seats import mail as seats_mail
from licet.signing import events as signing
from licet.taxes import events as taxes
from licet.teams import events as teams
from licet.teams import mail as teams_mail
from licet.teams.notes import events as notes
from licet.web.campus import card_sheets, sending

SUBSCRIPTIONS: dict[type[Fact], Sequence[Callable[..., None]]] = {
    eventlog.DeliveryRetried: AUDIT_ONLY,
    accounts.SignedUp: AUDIT_ONLY,
    accounts.RegistrationForgotten: AUDIT_ONLY,
    accounts.AddressVerified: AUDIT_ONLY,
    accounts.AddressChanged: AUDIT_ONLY,
    accounts.PasswordChanged: AUDIT_ONLY,
    accounts.PasswordReset: AUDIT_ONLY,
    accounts.SecondFactorAdded: AUDIT_ONLY,
    accounts.SecondFactorRemoved: AUDIT_ONLY,
    accounts.RecoveryCodesRenewed: AUDIT_ONLY,
    accounts.LanguageChosen: AUDIT_ONLY,
    accounts.StaffAppointed: AUDIT_ONLY,
    accounts.StaffDismissed: AUDIT_ONLY,
    accounts.StaffRolesChanged: [accounts_mail.roles_changed],
    accounts.AccountReopened: AUDIT_ONLY,
    catalog.CatalogImported: AUDIT_ONLY,
    catalog.AccountChanged: [catalog_mail.account_changed],
    taxes.VatRateSet: AUDIT_ONLY,
    taxes.VatNumberAnswered: AUDIT_ONLY,
    taxes.ExchangeRatesTaken: AUDIT_ONLY,
    connect.AppRegistered: AUDIT_ONLY,
    connect.AppWithdrawn: AUDIT_ONLY,
    connect.AppAllowed: AUDIT_ONLY,
    connect.AppSignedIn: AUDIT_ONLY,
    connect.AppContinued: AUDIT_ONLY,
    connect.DeviceAsked: AUDIT_ONLY,
    connect.DeviceAllowed: [connect_mail.device_signed_in],
    connect.DeviceRefused: AUDIT_ONLY,
    connect.RemainsSwept: AUDIT_ONLY,
    connect.GrantEnded: [connect_mail.signed_out],
    connect.SignedOutEverywhere: AUDIT_ONLY,
    seats.SeatAssigned: [education_mail.license_assigned],
    seats.SeatTakenUp: [seats_mail.license_assigned],
    seats.SeatMissed: [seats_mail.license_missed],
    seats.SeatReleased: [seats_mail.license_taken_back, seats_mail.line_waits],
    seats.SeatRequested: [seats_mail.license_asked_for],
    seats.RequestGranted: AUDIT_ONLY,
    seats.RequestDeclined: [seats_mail.request_declined],
    seats.RequestWithdrawn: AUDIT_ONLY,
    seats.OffersSwitched: AUDIT_ONLY,
    seats.StayMarked: AUDIT_ONLY,
    seats.ShortageSettled: [leases_mail.shortage_settled],
    seats.BatchApplied: AUDIT_ONLY,
    seats.BatchUndone: AUDIT_ONLY,
    seats.SeatReserved: AUDIT_ONLY,
    seats.PlaceStaysBorrowed: AUDIT_ONLY,
    seats.BorrowedPlaceFreed: AUDIT_ONLY,
    seats.ReservationFreed: [seats_mail.line_waits],
    teams.TeamCreated: AUDIT_ONLY,
    teams.TeamRenamed: AUDIT_ONLY,
    teams.InvitationSent: [projects_mail.invitation],
    teams.InvitationRenewed: [projects_mail.invitation],
    teams.OwnershipOffered: [teams_mail.invitation],
    teams.InvitationAccepted: [teams_mail.accepted, teams_mail.new_administrator],
    teams.InvitationDeclined: [teams_mail.declined],
    teams.InvitationWithdrawn: AUDIT_ONLY,
    teams.InvitationAskedFor: [teams_mail.asked_for],
    teams.InvitationTakenOver: AUDIT_ONLY,
    teams.MemberPassedOn: AUDIT_ONLY,
    teams.MemberLeft: [leases_mail.goodbye, leases_mail.member_left],
    teams.MemberRemoved: [leases_mail.goodbye],
    teams.OwnershipHandedOver: AUDIT_ONLY,  # who handed over is told by `accepted`
    teams.TeamArchived: [teams_mail.team_archived],
    teams.TeamRestored: [teams_mail.team_restored],
    teams.TeamPurged: AUDIT_ONLY,
    notes.NoteWritten: AUDIT_ONLY,
    notes.NoteChanged: AUDIT_ONLY,
    notes.NoteRemoved: AUDIT_ONLY,
    teams.RecoveryAsked: [teams_mail.recovery],
    teams.RecoveryGranted: [teams_mail.recovery],
    teams.RecoveryDeclined: [teams_mail.recovery],
    teams.RecoveryWithdrawn: [teams_mail.recovery],
    teams.RecoveryStopped: [teams_mail.recovery],
    teams.OwnershipRecovered: [teams_mail.recovery],
    teams.RoleChanged: [teams_mail.role_changed, teams_mail.new_administrator],
    projects.ProjectCreated: AUDIT_ONLY,
    projects.ProjectRenamed: AUDIT_ONLY,
    projects.ProjectArchived: AUDIT_ONLY,
    projects.ProjectRestored: AUDIT_ONLY,
    projects.ProjectNeedsChanged: AUDIT_ONLY,
    projects.ProjectMemberAdded: [projects_mail.added],
    projects.ProjectRoleChanged: AUDIT_ONLY,
    projects.ProjectMemberRemoved: AUDIT_ONLY,
    projects.ProjectAddedToInvitation: AUDIT_ONLY,
    projects.InvitationsWished: [projects_mail.invitations_wished],
    projects.InvitationWishDeclined: [projects_mail.wish_declined],
    leases.DeviceEnrolled: AUDIT_ONLY,
    leases.DeviceBlocked: AUDIT_ONLY,
    leases.DeviceUnblocked: AUDIT_ONLY,
    leases.DeviceReleased: AUDIT_ONLY,
    leases.LeaseStarted: AUDIT_ONLY,
    leases.LeaseBorrowed: AUDIT_ONLY,
    leases.LeaseReturned: AUDIT_ONLY,
    leases.LeaseDenied: AUDIT_ONLY,
    leases.DeviceCopyNoticed: AUDIT_ONLY,
    signing.KeyMade: AUDIT_ONLY,
    signing.KeyRotated: AUDIT_ONLY,
    signing.KeyRevoked: AUDIT_ONLY,
    signing.ManifestPublished: AUDIT_ONLY,
    signing.RootImported: AUDIT_ONLY,
    signing.RootTakenOffline: AUDIT_ONLY,
    signing.KeyCertified: AUDIT_ONLY,
    signing.KeyLost: AUDIT_ONLY,
    signing.KeysResealed: AUDIT_ONLY,
    signing.KeysExported: AUDIT_ONLY,
    signing.KeysRestored: AUDIT_ONLY,
    signing.KeysEnding: [accounts_mail.keys_end],
    licenses.LicenseIssued: [seats_mail.line_waits],
    licenses.LicenseMovedAway: [orders_mail.licenses_moved],
    licenses.LicenseMovedHere: [seats_mail.line_waits],
    licenses.LicenseSuspended: AUDIT_ONLY,
    licenses.LicenseResumed: AUDIT_ONLY,
    licenses.LicenseRevoked: AUDIT_ONLY,
    licenses.LicenseEnding: [education_mail.licenses_end],
    licenses.CodeIssued: [education_mail.code_issued],
    licenses.CodeRedeemed: AUDIT_ONLY,
    licenses.CodeActivated: [licenses_mail.code_activated],
    licenses.CodeShown: AUDIT_ONLY,
    licenses.CodeSuperseded: [education_mail.code_superseded],
    licenses.CodeRevoked: AUDIT_ONLY,
    licenses.CodesGuessed: AUDIT_ONLY,  # the desk shows it, the operator's monitoring reads the log
    invoices.InvoiceIssued: [invoices_rendering.issued],
    invoices.CreditNoteIssued: [invoices_rendering.issued, settling.credit_noted],
    invoices.InvoicePrepared: [invoices_mail.prepared, transmitting.prepared],
    orders.OrderPlaced: [invoicing.order_stands, orders_mail.placed, paying.order_placed],
    orders.OrderSettled: [invoicing.order_stands],
    orders.ContractMade: AUDIT_ONLY,
    orders.PlanChanged: AUDIT_ONLY,
    orders.RenewalReduced: AUDIT_ONLY,
    orders.DowngradePlanned: AUDIT_ONLY,
    orders.AutoRenewalSet: AUDIT_ONLY,
    orders.TermChosen: AUDIT_ONLY,
    orders.TermKept: AUDIT_ONLY,
    orders.ContractTakenUp: AUDIT_ONLY,
    orders.ContractBillingChanged: AUDIT_ONLY,
    orders.ContractsJoined: AUDIT_ONLY,
    orders.ContractEnded: AUDIT_ONLY,
    orders.OrderLifted: AUDIT_ONLY,
    orders.ContractRenewed: AUDIT_ONLY,
    orders.ContractCancelled: [orders_mail.cancelled],
    orders.RenewalNoticed: [orders_mail.renewal_noticed],
    orders.PaymentReminded: [orders_mail.payment_reminded],
    orders.OrderSuspended: [orders_mail.suspended],
    orders.OrderUnpaid: [payment_mail.unpaid],
    orders.OrderCancelled: AUDIT_ONLY,  # its credit note tells the buyer
    orders.OrderRefunded: AUDIT_ONLY,
    orders.CouponMade: AUDIT_ONLY,
    orders.CouponWithdrawn: AUDIT_ONLY,
    orders.QuoteIssued: [promise_mail.quote_issued],
    orders.QuoteAccepted: AUDIT_ONLY,
    orders.QuoteWithdrawn: AUDIT_ONLY,
    orders.WithdrawalDeclared: [promise_mail.declared],
    orders.OrderWithdrawn: AUDIT_ONLY,  # told with the declaration
    orders.CancellationDeclared: [promise_mail.declared],
    orders.DeclarationSetAside: AUDIT_ONLY,
    payments.PaymentStarted: AUDIT_ONLY,
    payments.PaymentHandedOver: AUDIT_ONLY,
    payments.PaymentMoved: AUDIT_ONLY,
    payments.BodiesForgotten: AUDIT_ONLY,
    payments.PaymentEventStored: [settling.event_stored],
    payments.PaymentEventApplied: AUDIT_ONLY,
    payments.PaymentToReview: AUDIT_ONLY,  # the desk shows it
    payments.PaymentEventDismissed: AUDIT_ONLY,
    payments.PaymentSettled: AUDIT_ONLY,  # the receipt is the invoice
    payments.PaymentFailed: AUDIT_ONLY,
    payments.PaymentChargedBack: AUDIT_ONLY,
    payments.PaymentAllocated: [payment_mail.part_paid],
    payments.PaymentRecorded: AUDIT_ONLY,
    payments.RefundAsked: [payments_actions.refund_asked],
    payments.RefundMade: [payment_mail.refunded],
    payments.RefundFailed: AUDIT_ONLY,  # the desk shows it
    payments.MandateGiven: AUDIT_ONLY,
    payments.MandateRevoked: AUDIT_ONLY,
    payments.CollectionAnnounced: [payment_mail.debit_announced],
    payments.CollectionsFiled: AUDIT_ONLY,
    payments.StatementReceived: [statements.statement_received],
    payments.StatementRead: [settling.statement_read],
    payments.StatementRefused: AUDIT_ONLY,  # the desk shows it
    payments.EntryBooked: AUDIT_ONLY,
    payments.EntryToReview: AUDIT_ONLY,  # the desk shows it
    payments.EntryDismissed: AUDIT_ONLY,
    licenses.LicenseEndMoved: AUDIT_ONLY,
    licenses.LicenseGranted: AUDIT_ONLY,  # LicenseIssued stands beside it
    licenses.LicenseReasonGiven: AUDIT_ONLY,
    seats.ReassignmentsForgiven: AUDIT_ONLY,
    education.ProgrammesImported: AUDIT_ONLY,
    agreements.AgreementMade: AUDIT_ONLY,
    agreements.AgreementChanged: [following.classes_follow],
    agreements.AgreementEnded: AUDIT_ONLY,
    classes.ClassMade: AUDIT_ONLY,
    classes.ClassChanged: [following.licenses_follow],
    classes.ClassCarriedOn: [following.licenses_follow],
    classes.ClassCodeRenewed: AUDIT_ONLY,
    classes.ClassShut: AUDIT_ONLY,
    classes.ClassOpened: AUDIT_ONLY,
    classes.ClassJoined: [classes_mail.joined],
    classes.PlaceConfirmed: AUDIT_ONLY,  # the decision on the request is told
    classes.PlaceDeclined: AUDIT_ONLY,
    classes.PlaceRemoved: [classes_mail.removed],
    classes.RosterAdded: [classes_mail.listed],
    classes.CardsMade: AUDIT_ONLY,
    classes.CardsOrdered: [card_sheets.cards_ordered],
    classes.CardsReady: AUDIT_ONLY,
    classes.SheetsForgotten: AUDIT_ONLY,
    classes.CardsShown: AUDIT_ONLY,
    classes.CardReplaced: AUDIT_ONLY,
    classes.ClassOffered: [classes_mail.offered],
    classes.ClassOfferEnded: AUDIT_ONLY,
    classes.ClassHandedOver: [classes_mail.handed_over],
    classes.ClassEnding: [classes_mail.ending],
    classes.ClassEnded: AUDIT_ONLY,
    mailbox.MailboxAsked: [mailbox_mail.asked],
    mailbox.MailboxMissed: AUDIT_ONLY,
    mailbox.MailboxesForgotten: AUDIT_ONLY,
    mailbox.MailboxConfirmed: AUDIT_ONLY,
    directory.DirectoryImported: AUDIT_ONLY,
    directory.InstitutionListed: AUDIT_ONLY,
    directory.InstitutionSettled: AUDIT_ONLY,
    directory.DomainJudged: AUDIT_ONLY,
    directory.DomainDoubted: AUDIT_ONLY,  # the desk shows it
    education.CaseStarted: AUDIT_ONLY,
    education.CaseSaved: AUDIT_ONLY,
    education.CaseSubmitted: [education_mail.received],
    education.CaseWithdrawn: [retention.case_ended],
    education.CaseClaimed: AUDIT_ONLY,
    education.CaseClaimRenewed: AUDIT_ONLY,
    education_desk.CaseSnoozed: AUDIT_ONLY,
    education_desk.CaseWoken: AUDIT_ONLY,
    education_desk.CaseAssigned: AUDIT_ONLY,
    directory.InstitutionsMerged: AUDIT_ONLY,
    directory.MergerUndone: AUDIT_ONLY,
    joining.JoiningAsked: [joining_mail.asked],
    joining.JoiningAtDesk: AUDIT_ONLY,
    joining.JoiningEndorsed: AUDIT_ONLY,
    joining.JoiningGranted: [joining_mail.granted],
    joining.AccountsJoined: [joining_mail.joined],
    joining.JoiningStopped: [joining_mail.ended],
    joining.JoiningDeclined: [joining_mail.ended],
    joining.JoiningWithdrawn: AUDIT_ONLY,
    joining.BackupAsked: [joining_mail.backup_asked],
    joining.BackupMissed: AUDIT_ONLY,
    joining.BackupConfirmed: AUDIT_ONLY,
    joining.BackupDropped: AUDIT_ONLY,
    education.CaseReleased: AUDIT_ONLY,
    education.CaseApproved: [education_mail.approved, retention.case_ended],
    education.CaseQuestioned: [education_mail.questioned],
    education.CaseReferred: AUDIT_ONLY,
    education.CaseRefused: [education_mail.refused, retention.case_ended],
    education.CaseAppealed: [education_mail.objected],
    education.MessageWritten: [education_mail.written],
    education.MailAskedAgain: [education_mail.again],
    education.EntitlementEnding: [education_mail.ending],
    education.EntitlementLengthened: [education_mail.lengthened],
    education.ProofMade: AUDIT_ONLY,
    education.RevocationProposed: AUDIT_ONLY,
    education.EntitlementRevoked: [education_mail.revoked],
    education.EntitlementSuperseded: [education_mail.superseded],
    education.DocumentReceived: [reading.document_received],
    education.DocumentRead: AUDIT_ONLY,
    education.PaperProved: [sending.paper_proved],
    issuers.TrustListReplaced: AUDIT_ONLY,
    issuers.IssuerTrusted: AUDIT_ONLY,
    issuers.IssuerDistrusted: AUDIT_ONLY,
    education.DocumentUnreadable: AUDIT_ONLY,
    education.CaseQueued: AUDIT_ONLY,
    education.PapersUnreadable: [education_mail.questioned],
    education.PageSeen: AUDIT_ONLY,
    education.OriginalFetched: AUDIT_ONLY,
    education.DocumentRemoved: AUDIT_ONLY,
    education.DocumentDestroyed: AUDIT_ONLY,
    education.DocumentsSwept: AUDIT_ONLY,
    partners.PartnerAppointed: AUDIT_ONLY,
    partners.PartnerChanged: AUDIT_ONLY,
    partners.PartnerPaused: AUDIT_ONLY,
    partners.PartnerResumed: AUDIT_ONLY,
    partners.PartnerEnded: [leaving.partner_ended],
    partners.AccessAsked: [partner_mail.access_asked],
    partners.AccessGranted: [partner_mail.access_granted, leaving.access_changed],
    partners.AccessDeclined: AUDIT_ONLY,
    partners.AccessEnded: [leaving.access_changed],
    succession.PartnerLeft: [partner_mail.partner_left],
    succession.PartnerReturned: AUDIT_ONLY,
    succession.CarryingOnDecided: [partner_mail.carrying_on],
    succession.CarryingOnWithdrawn: AUDIT_ONLY,
    succession.ContractHandedOver: AUDIT_ONLY,
    partners.PartnerOrdered: [partner_mail.ordered],
    partners.VouchersMade: AUDIT_ONLY,
    partners.VouchersShown: AUDIT_ONLY,
    partners.VoucherSold: AUDIT_ONLY,
    partners.VoucherCancelled: AUDIT_ONLY,
    partners.VoucherRedeemed: AUDIT_ONLY,
    partners.VoucherUndone: AUDIT_ONLY,
}
