"""Which duty opens which page of the desk, by the name of its address; a page without a row opens to nobody.

What a page changes, its verb asks for once more.
"""

from licet.kernel.duties import Duty

ANYBODY = None
"""For everybody who works for the vendor."""

_SEE, _SERVE, _DECIDE = Duty.SEE_CUSTOMERS, Duty.SERVE_CUSTOMERS, Duty.DECIDE_ORDERS
_MONEY, _CATALOG = Duty.MANAGE_MONEY, Duty.MANAGE_CATALOG
_EDUCATION, _ADMINISTER = Duty.REVIEW_EDUCATION, Duty.ADMINISTER

DOORS: dict[str, Duty | None] = {
    "desk_home": ANYBODY,
    "desk_search": _SEE,
    "desk_customers": _SEE,
    "desk_customer": _SEE,
    "desk_license": _SEE,
    "desk_orders": _SEE,
    "desk_order": _SEE,
    "desk_contracts": _SEE,
    "desk_contract": _SEE,
    "desk_quotes": _SEE,
    "desk_quote": _SEE,
    "desk_declarations": _SEE,
    "desk_declaration": _SEE,
    "desk_invoices": _SEE,
    "desk_invoice": _SEE,
    "desk_invoice_file": _SEE,
    "desk_payment": _SEE,
    "desk_grant": _SERVE,
    "desk_note_new": _SERVE,
    "desk_note": _SERVE,
    "desk_codes": _SERVE,
    "desk_codes_new": _SERVE,
    "desk_batch_texts": _SERVE,
    "desk_code": _SERVE,
    "desk_code_text": _SERVE,
    "desk_code_supersede": _SERVE,
    "desk_code_revoke": _SERVE,
    "desk_license_codes": _SERVE,
    "desk_vouchers": _SERVE,
    "desk_vouchers_new": _SERVE,
    "desk_voucher_batch": _SERVE,
    "desk_voucher_codes": _SERVE,
    "desk_voucher_cancel": _SERVE,
    "desk_voucher_batch_cancel": _SERVE,
    "desk_partner_vouchers": _SERVE,
    "desk_recoveries": _SERVE,
    "desk_recovery": _SERVE,
    "desk_quote_new": _DECIDE,
    "desk_vat_doubts": _MONEY,
    "desk_rates": _MONEY,
    "desk_figures": _MONEY,
    "desk_payments": _MONEY,
    "desk_payment_record": _MONEY,
    "desk_payment_event": _MONEY,
    "desk_collections": _MONEY,
    "desk_collection_file": _MONEY,
    "desk_statement": _MONEY,
    "desk_entry": _MONEY,
    "desk_refund_sent": _MONEY,
    "desk_catalog": _CATALOG,
    "desk_catalog_import": _CATALOG,
    "desk_coupons": _CATALOG,
    "desk_coupon_withdraw": _CATALOG,
    "desk_partners": _CATALOG,
    "desk_partner": _CATALOG,
    "desk_partner_new": _CATALOG,
    "desk_partner_edit": _CATALOG,
    "desk_partner_state": _CATALOG,
    "desk_cases": _EDUCATION,
    "desk_case": _EDUCATION,
    "desk_case_next": _EDUCATION,
    "desk_case_figures": _EDUCATION,
    "desk_case_sentence": _EDUCATION,
    "desk_case_claim": _EDUCATION,
    "desk_case_back": _EDUCATION,
    "desk_case_aside": _EDUCATION,
    "desk_case_message": _EDUCATION,
    "desk_case_revoke": _EDUCATION,
    "desk_original": _EDUCATION,
    "desk_page": _EDUCATION,
    "desk_institutions": _EDUCATION,
    "desk_institution": _EDUCATION,
    "desk_institution_settle": _EDUCATION,
    "desk_directory": _EDUCATION,
    "desk_merger_undo": _EDUCATION,
    "desk_domains": _EDUCATION,
    "desk_domain": _EDUCATION,
    "desk_joinings": _EDUCATION,
    "desk_joining": _EDUCATION,
    "desk_agreements": _EDUCATION,
    "desk_agreement": _EDUCATION,
    "desk_agreement_new": _EDUCATION,
    "desk_classes": _EDUCATION,
    "desk_class": _EDUCATION,
    "desk_staff": _ADMINISTER,
    "desk_staff_add": _ADMINISTER,
    "desk_staff_one": _ADMINISTER,
    "desk_events": _ADMINISTER,
    "desk_deliveries": _ADMINISTER,
    "desk_delivery_retry": _ADMINISTER,
}

CHANGES: dict[str, Duty] = {
    "desk_license": _SERVE,
    "desk_order": _DECIDE,
    "desk_contract": _DECIDE,
    "desk_quote": _DECIDE,
    "desk_declaration": _DECIDE,
    "desk_invoice": _MONEY,
    "desk_payment": _MONEY,
}
"""What a page asks for beyond its door where something is changed on it."""


def duty_for(*, name: str, changing: bool) -> Duty | None:
    """Return the duty for a page; without a row the administrator's."""
    if changing and name in CHANGES:
        return CHANGES[name]
    return DOORS.get(name, _ADMINISTER)
