"""Who of the vendor's people may do what: roles and their duties, one table on one screen."""

from enum import StrEnum


class StaffRole(StrEnum):
    """What somebody does at the vendor's. One person may have several."""

    SUPPORT = "support"
    ACCOUNTING = "accounting"
    CATALOG = "catalog"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class Duty(StrEnum):
    """Every sort of work at the desk, as `thing.verb`."""

    SEE_CUSTOMERS = "customers.see"
    """Find and read customers, orders, contracts, invoices, payments."""
    SERVE_CUSTOMERS = "customers.serve"
    """Grant and stop licenses; codes, vouchers, notes, teams without an owner."""
    DECIDE_ORDERS = "orders.decide"
    """Quotes; cancel orders and contracts; withdrawals."""
    MANAGE_MONEY = "money.manage"
    """Credit notes, payments, refunds, VAT, figures."""
    MANAGE_CATALOG = "catalog.manage"
    """Products, prices, coupons, partners."""
    REVIEW_EDUCATION = "education.review"
    """Requests, institutions, agreements, classes."""
    ADMINISTER = "desk.administer"
    """Roles of colleagues, event log, deliveries."""


ROLES: dict[StaffRole, frozenset[Duty]] = {
    StaffRole.SUPPORT: frozenset({Duty.SEE_CUSTOMERS, Duty.SERVE_CUSTOMERS, Duty.DECIDE_ORDERS}),
    StaffRole.ACCOUNTING: frozenset({Duty.SEE_CUSTOMERS, Duty.DECIDE_ORDERS, Duty.MANAGE_MONEY}),
    StaffRole.CATALOG: frozenset({Duty.MANAGE_CATALOG}),
    StaffRole.REVIEWER: frozenset({Duty.REVIEW_EDUCATION}),
    StaffRole.ADMINISTRATOR: frozenset(Duty),
}


def duties_of(*, roles: frozenset[str]) -> frozenset[Duty]:
    """Return what roles carry together; what is no role carries nothing."""
    return frozenset(duty for role, duties in ROLES.items() if role.value in roles for duty in duties)


def roles_with(*, duty: Duty) -> list[StaffRole]:
    """Return the roles that carry a duty, the administrator last."""
    return [role for role, duties in ROLES.items() if duty in duties]
