"""Who gets what: every address of the site, every method, every persona.

The six outcomes of a row stand in the order of `PERSONAS`; one outcome alone is everybody's. An
outcome is a status, `login` (sent to sign in) or `away` (sent elsewhere). All are asked for the
things of one customer; the outsider owns another customer's team, staff is the vendor's. What a
persona may not know of is 404, what it sees and may not do is 403.

A row may say more: `query` and `body` go along with the request (made from the customer whose
things are asked for), `program` marks an address where no browser posts, so that no CSRF token is
wanted, and `open_link` one where whoever holds the address may see and do what it is about.
A name that stands for two addresses is told apart by their gaps: `subscriptions(team,product)`.
"""

from typing import Any

from licet.catalog.rules import Period
from tests.rules.access_commerce import COMMERCE
from tests.rules.access_contracts import CONTRACTS
from tests.rules.access_partners import PARTNERS
from tests.rules.access_promises import PROMISES
from tests.rules.access_row import PERSONAS, Row
from tests.rules.access_second_step import SECOND_STEP
from tests.rules.tenants import Tenant

__all__ = ["ACCESS", "PERSONAS", "Row"]


def _app(tenant: Tenant) -> dict[str, Any]:
    return {
        "response_type": "code",
        "client_id": "maquette",
        "redirect_uri": "http://127.0.0.1/callback",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }


def _recovery_reason(tenant: Tenant) -> dict[str, Any]:
    return {"reason": "Nobody answers."}


def _recovery_decision(tenant: Tenant) -> dict[str, Any]:
    return {"decision": "grant", "evidence": "purchase", "reason": "Invoice 10001"}


def _plan(tenant: Tenant) -> dict[str, Any]:
    plan = tenant.world.plan(period=Period.YEAR)
    return {"product": plan.product.code, "plan": plan.code, "quantity": 1}


def _checkout(tenant: Tenant) -> dict[str, Any]:
    return {
        "team": tenant.team.public_id,
        "buyer": "business",
        "company": "Somebody & Co",
        "name": "Somebody",
        "street": "Street 1",
        "postal_code": "10115",
        "city": "Berlin",
        "country": "DE",
    }


def _language(tenant: Tenant) -> dict[str, Any]:
    return {"language": "fr"}


def _name(tenant: Tenant) -> dict[str, Any]:
    return {"name": "Another name"}


def _role(tenant: Tenant) -> dict[str, Any]:
    return {"role": "admin", "sure": "on", "member": tenant.membership(tenant.member).public_id}


def _emails(tenant: Tenant) -> dict[str, Any]:
    return {"emails": "somebody@elsewhere.example", "role": "member", "language": "en", "message": ""}


def _project_people(tenant: Tenant) -> dict[str, Any]:
    return {"emails": tenant.admin.email, "role": "viewer"}


def _project_role(tenant: Tenant) -> dict[str, Any]:
    return {"role": "viewer"}


def _tick(tenant: Tenant) -> dict[str, Any]:
    return {"wanted": "on", "member": tenant.membership(tenant.member).public_id}


def _selected(tenant: Tenant) -> dict[str, Any]:
    member, product = tenant.membership(tenant.member).public_id, tenant.world.product.code
    return {"members": member, "who": "0", "do": "give", "product": product}


def _pasted(tenant: Tenant) -> dict[str, Any]:
    return {"people": "somebody@elsewhere.example", "products": tenant.world.product.code, "do": "give"}


def _overlap(tenant: Tenant) -> dict[str, Any]:
    return {"days": 14}


def _receiver(tenant: Tenant) -> dict[str, Any]:
    return {"member": tenant.membership(tenant.member).pk}


def _wishes(tenant: Tenant) -> dict[str, Any]:
    member, product = tenant.membership(tenant.owner).public_id, tenant.world.product.code
    return {"wishes": f"{product}+ {member}", "mode": "all"}


def _withdraw(tenant: Tenant) -> dict[str, Any]:
    return {"do": "withdraw"}


def _no_to_it(tenant: Tenant) -> dict[str, Any]:
    return {"do": "no"}


def _no_backup(tenant: Tenant) -> dict[str, Any]:
    return {"do": "name", "address": "no address"}


def _details(tenant: Tenant) -> dict[str, Any]:
    return {"role": "student", "full_name": "Somebody", "country": "FR", "institution_text": tenant.word}


def _message(tenant: Tenant) -> dict[str, Any]:
    return {"message-text": "Hello", "objection-text": "No"}


ACCESS: dict[str, Row] = {
    **CONTRACTS,
    **PARTNERS,
    **COMMERCE,
    **PROMISES,
    # persona                   anonymous outsider member admin owner staff
    # --- everybody
    "brand_css": Row(get="200", post="200"),
    "set_language": Row(get="away", post="away", body=_language),
    # --- the demonstration's mails: outside of it nobody has them
    "mailbox": Row(get="404", post="405"),
    "mail": Row(get="404", post="405"),
    "mail_letter": Row(get="404", post="405"),
    # --- the shop
    "shop_home": Row(get="200", post="405"),
    "product": Row(get="200", post="405"),
    "choose_buyer": Row(get="405", post="away"),
    "basket": Row(get="200", post="405"),
    "basket_add": Row(get="405", post="away", body=_plan),
    "basket_change": Row(get="405", post="away"),
    "checkout": Row(get="away", post="away", body=_checkout),
    "checkout_review": Row(get="away", post="away"),
    "orders": Row(get="login 200 200 200 200 200", post="login 405 405 405 405 405"),
    "invoices": Row(get="login 200 200 200 200 200", post="login 405 405 405 405 405"),
    "invoice": Row(get="login 404 404 200 200 404", post="login 405 405 405 405 405"),
    "invoice_file": Row(get="login 404 404 200 200 404", post="login 405 405 405 405 405"),
    "order": Row(get="login 404 404 200 200 404", post="login 405 405 405 405 405"),
    "pay": Row(get="login 404 404 200 200 404", post="login 404 404 422 422 404"),
    "pay_mandate": Row(get="login 404 404 200 200 404", post="login 404 404 422 422 404"),
    "payment": Row(get="login 404 404 200 200 404", post="login 405 405 405 405 405"),
    "test_card": Row(get="login 404 404 200 200 404", post="login 404 404 422 422 404"),
    "payment_events": Row(get="405", post="403", program=True),
    # --- teams
    "account_home": Row(get="login 200 200 200 200 200", post="405"),
    "team_new": Row(get="login 200 200 200 200 200", post="login away away away away away", body=_name),
    "team_home": Row(get="login 404 200 200 200 404", post="405"),
    "team_settings": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404", body=_name),
    "team_usage": Row(get="login 404 403 200 200 404", post="405"),
    "team_history": Row(get="login 404 403 200 200 404", post="405"),
    "team_history_export": Row(get="login 404 403 200 200 404", post="405"),
    "member": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404", body=_role),
    "member_remove": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404"),
    "team_leave": Row(get="login 404 200 200 200 404", post="login 404 away away 422 404"),
    "team_recovery": Row(
        get="login 404 200 200 200 404", post="login 404 403 422 422 404", body=_recovery_reason
    ),
    "recovery_stop": Row(get="405", post="login 404 403 403 away 404"),
    "recovery_withdraw": Row(get="405", post="login 404 404 away 404 404"),
    "license_move": Row(get="login 404 403 200 200 404", post="login 404 403 422 422 404"),
    "team_archive": Row(get="login 404 403 403 200 404", post="login 404 403 403 422 404"),
    "team_restore": Row(get="login 404 404 404 404 404", post="login 404 404 404 404 404"),
    "invite": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404", body=_emails),
    "team_projects": Row(get="login 404 200 200 200 404", post="405"),
    "project_new": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404", body=_name),
    "project": Row(get="login 404 200 200 200 404", post="405"),
    "project_settings": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404", body=_name),
    "project_people": Row(
        get="login 404 403 200 200 404", post="login 404 403 away away 404", body=_project_people
    ),
    "project_wish_grant": Row(get="405", post="login 404 403 away away 404"),
    "project_wish_decline": Row(get="405", post="login 404 403 away away 404"),
    "project_archive": Row(get="405", post="login 404 403 away away 404"),
    "project_restore": Row(get="405", post="login 404 403 away away 404"),
    "project_role": Row(get="405", post="login 404 403 away away 404", body=_project_role),
    "project_remove": Row(get="405", post="login 404 away away away 404"),
    "api_project_standing": Row(get="401", post="401", program=True),
    "invitation_withdraw": Row(get="405", post="login 404 403 away away 404"),
    "invitation_resend": Row(get="405", post="login 404 403 409 409 404"),
    # --- the link of an invitation: who holds it may read it; only its address can accept
    "invitations": Row(get="login 200 200 200 200 200", post="405"),
    "invitation": Row(get="200", post="405", open_link=True),
    "invitation_accept": Row(get="405", post="login 403 403 403 403 403", open_link=True),
    "invitation_decline": Row(get="405", post="away", open_link=True),
    "invitation_ask": Row(get="405", post="409", open_link=True),
    # --- seats
    "subscriptions(team)": Row(get="login 404 403 200 200 404", post="login 405 405 405 405 405"),
    "subscriptions(team,product)": Row(get="login 404 403 200 200 404", post="login 405 405 405 405 405"),
    "team_members(team)": Row(get="login 404 403 200 200 404", post="login 405 405 405 405 405"),
    "team_members(team,product)": Row(get="login 404 403 200 200 404", post="login 405 405 405 405 405"),
    "seat_toggle": Row(get="login 405 405 405 405 405", post="login 404 403 away away 404", body=_tick),
    "my_licenses": Row(get="login 200 200 200 200 200", post="405"),
    "code_enter": Row(get="login 200 200 200 200 200", post="login 422 422 422 422 422"),
    "code_redeem": Row(get="login away away away away away", post="login away away away away away"),
    "code_show": Row(get="405", post="login 404 200 404 404 403"),
    "offline": Row(get="login 200 200 200 200 200", post="login 422 422 422 422 422"),
    "offline_borrow": Row(get="login away away away away away", post="login away away away away away"),
    "offline_answer": Row(get="login 404 200 404 404 404", post="405"),
    "device_block": Row(get="405", post="login 404 away 404 404 404"),
    "device_unblock": Row(get="405", post="login 404 away 404 404 404"),
    "device_release": Row(get="405", post="login 404 away 404 404 404"),
    "license_request": Row(get="login 404 200 200 200 404", post="login 404 422 away away 404"),
    "request_grant": Row(get="405", post="login 404 403 away away 404"),
    "request_decline": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404"),
    "request_withdraw": Row(get="405", post="login 404 404 404 away 404"),
    "offers_switch": Row(get="405", post="login 404 403 away away 404"),
    # --- many seats at once
    "team_matrix": Row(get="login 404 403 200 200 404", post="login 405 405 405 405 405"),
    "matrix_keep": Row(get="login 405 405 405 405 405", post="login 404 403 away away 404"),
    "matrix_effect": Row(get="login 404 403 away away 404", post="login 404 403 200 200 404", body=_selected),
    "matrix_apply": Row(get="login 404 403 away away 404", post="login 404 403 away away 404", body=_wishes),
    "matrix_paste": Row(get="login 404 403 200 200 404", post="login 404 403 200 200 404", body=_pasted),
    "matrix_import": Row(get="login 404 403 200 200 404", post="login 404 403 422 422 404"),
    "matrix_export": Row(get="login 404 403 200 200 404", post="login 405 405 405 405 405"),
    "matrix_undo": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404"),
    "stay_choice": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404"),
    # --- applications (a session is no token, so programs' addresses know no persona)
    "connect_authorize": Row(
        get="login 200 200 200 200 200", post="login away away away away away", query=_app
    ),
    "connect_device": Row(get="login 200 200 200 200 200", post="login 422 422 422 422 422"),
    "connect_device_confirm": Row(
        get="login away away away away away", post="login away away away away away"
    ),
    "connect_device_done": Row(get="login away away away away away", post="405"),
    "connect_device_authorization": Row(get="405", post="400", program=True),
    "applications": Row(get="login 200 200 200 200 200", post="405"),
    "applications_end": Row(get="405", post="login away away away away away"),
    "member_sign_out": Row(get="405", post="login 404 403 404 404 404"),
    "application_end": Row(get="405", post="login 404 away 404 404 404"),
    "connect_token": Row(get="405", post="400", program=True),
    "connect_revoke": Row(get="405", post="400", program=True),
    "connect_userinfo": Row(get="401", post="401", program=True),
    "openid_metadata": Row(get="200", post="405"),
    "connect_metadata": Row(get="200", post="405"),
    "jwks": Row(get="200", post="405"),
    "connect_jwks": Row(get="200", post="405"),
    "key_manifest": Row(get="200", post="405"),
    "status_list": Row(get="200", post="405"),
    "api_devices": Row(get="401", post="401", program=True),
    "api_borrow": Row(get="401", post="401", program=True),
    "api_return": Row(get="405", post="415", program=True),
    "api_me": Row(get="401", post="401", program=True),
    # --- the education side; the case is the administrator's, the license the member's
    "campus_home": Row(get="200", post="405"),
    "campus_mine": Row(get="login 200 200 200 200 200", post="405"),
    "campus_institutions": Row(get="login 200 200 200 200 200", post="405"),
    "campus_apply": Row(
        get="login away away away away 200", post="login away away away away away", body=_details
    ),
    "campus_case": Row(get="login 404 404 200 404 404", post="405"),
    "campus_details": Row(get="login 404 404 200 404 404", post="login 404 404 away 404 404", body=_details),
    "campus_proofs": Row(get="login 404 404 200 404 404", post="405"),
    "campus_documents": Row(get="login 404 404 200 404 404", post="login 404 404 422 404 404"),
    "campus_document_remove": Row(get="405", post="login 404 404 away 404 404"),
    "campus_page": Row(get="login 404 404 200 404 404", post="405"),
    "campus_mailbox": Row(get="login 404 404 200 404 404", post="login 404 404 422 404 404"),
    "campus_mailbox_confirm": Row(get="login 404 404 200 404 404", post="login 404 404 422 404 404"),
    "campus_mailbox_link": Row(get="200", post="200 200 200 away 200 200", open_link=True),
    "campus_review": Row(get="login 404 404 200 404 404", post="login 404 404 away 404 404"),
    "campus_message": Row(get="405", post="login 404 404 away 404 404", body=_message),
    "campus_objection": Row(get="405", post="login 404 404 422 404 404", body=_message),
    "campus_mail_again": Row(get="405", post="login 404 404 409 404 404"),
    "campus_withdraw": Row(get="login 404 404 200 404 404", post="login 404 404 away 404 404"),
    "campus_join": Row(get="login 404 404 200 404 404", post="login 404 404 away 404 404", body=_withdraw),
    "campus_join_answer": Row(
        get="login 404 200 404 404 404", post="login 404 away 404 404 404", body=_no_to_it
    ),
    "campus_join_link": Row(get="200", post="200", body=_no_to_it, open_link=True),
    "campus_backup": Row(get="login 200 200 200 200 200", post="login 422 422 422 422 422", body=_no_backup),
    "campus_license": Row(get="login 404 200 404 404 404", post="405"),
    "campus_extend": Row(get="login 404 away 404 404 404", post="login 404 away 404 404 404"),
    "campus_new_address": Row(get="login 404 200 404 404 404", post="405"),
    "campus_class_code": Row(get="login 404 404 200 404 404", post="login 404 404 422 404 404"),
    "campus_class_join": Row(get="login 200 200 200 200 200", post="login 422 422 422 422 422"),
    "campus_card": Row(get="200", post="422"),
    # the class and its agreement are the owner's, who teaches; the outsider teaches elsewhere
    "campus_classes": Row(get="login 200 200 200 200 200", post="405"),
    "campus_class_new": Row(get="login 200 away away 200 away", post="login 422 away away 422 away"),
    "campus_class": Row(get="login 404 404 404 200 404", post="405"),
    "campus_class_edit": Row(get="login 404 404 404 200 404", post="login 404 404 404 422 404"),
    "campus_class_code_change": Row(get="405", post="login 404 404 404 away 404"),
    "campus_class_places": Row(get="405", post="login 404 404 404 422 404"),
    "campus_class_roster": Row(get="login 404 404 404 200 404", post="login 404 404 404 422 404"),
    "campus_class_sheet": Row(get="login 404 404 404 200 404", post="405"),
    "campus_cards_make": Row(get="405", post="login 404 404 404 away 404"),
    "campus_card_run": Row(get="login 404 404 404 200 404", post="405"),
    "campus_card_sheet": Row(get="405", post="login 404 404 404 410 404"),
    "campus_cards_print": Row(get="405", post="login 404 404 404 200 404"),
    "campus_card_replace": Row(get="login 404 404 404 200 404", post="login 404 404 404 away 404"),
    "campus_class_offer": Row(get="login 404 404 404 200 404", post="login 404 404 404 200 404"),
    "campus_class_carry": Row(get="login 404 404 404 away 404", post="login 404 404 404 away 404"),
    "campus_class_end": Row(get="login 404 404 404 200 404", post="login 404 404 404 away 404"),
    "campus_agreement": Row(get="login 404 404 404 200 404", post="405"),
    # --- the vendor's desk: for everybody else it does not exist
    "desk_agreements": Row(get="login 404 404 404 404 200", post="405"),
    "desk_agreement_new": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_agreement": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_home": Row(get="login 404 404 404 404 200", post="405"),
    "desk_codes": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 away"),
    "desk_codes_new": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_batch_texts": Row(get="405", post="login 404 404 404 404 200"),
    "desk_code": Row(get="login 404 404 404 404 200", post="405"),
    "desk_code_text": Row(get="405", post="login 404 404 404 404 403"),
    "desk_code_supersede": Row(
        get="login 404 404 404 404 200", post="login 404 404 404 404 away", body=_overlap
    ),
    "desk_code_revoke": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 away"),
    "desk_license_codes": Row(
        get="login 404 404 404 404 200", post="login 404 404 404 404 away", body=_receiver
    ),
    "desk_cases": Row(get="login 404 404 404 404 200", post="405"),
    "desk_case_next": Row(get="405", post="login 404 404 404 404 away"),
    "desk_case_figures": Row(get="login 404 404 404 404 200", post="405"),
    "desk_institutions": Row(get="login 404 404 404 404 200", post="405"),
    "desk_institution_settle": Row(get="login 404 404 404 404 away", post="login 404 404 404 404 away"),
    "desk_directory": Row(get="login 404 404 404 404 200", post="405"),
    "desk_institution": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 200"),
    "desk_merger_undo": Row(get="405", post="login 404 404 404 404 away"),
    "desk_domains": Row(get="login 404 404 404 404 200", post="405"),
    "desk_domain": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_case": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 200"),
    "desk_case_sentence": Row(get="login 404 404 404 404 200", post="405"),
    "desk_case_claim": Row(get="405", post="login 404 404 404 404 409"),
    "desk_case_back": Row(get="405", post="login 404 404 404 404 409"),
    "desk_case_aside": Row(get="405", post="login 404 404 404 404 409"),
    "desk_classes": Row(get="login 404 404 404 404 200", post="405"),
    "desk_class": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_joinings": Row(get="login 404 404 404 404 200", post="405"),
    "desk_joining": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 410"),
    "desk_case_message": Row(get="405", post="login 404 404 404 404 away"),
    "desk_case_revoke": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_page": Row(get="login 404 404 404 404 409", post="405"),
    "desk_original": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_payments": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_payment_record": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_collections": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_collection_file": Row(get="login 404 404 404 404 200", post="405"),
    "desk_statement": Row(get="login 404 404 404 404 200", post="405"),
    "desk_entry": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_payment_event": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_refund_sent": Row(get="405", post="login 404 404 404 404 away"),
    "desk_payment": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 away"),
    "desk_recoveries": Row(get="login 404 404 404 404 200", post="405"),
    "desk_recovery": Row(
        get="login 404 404 404 404 200", post="login 404 404 404 404 away", body=_recovery_decision
    ),
    "desk_events": Row(get="login 404 404 404 404 200", post="405"),
    "desk_deliveries": Row(get="login 404 404 404 404 200", post="405"),
    "desk_delivery_retry": Row(get="405", post="login 404 404 404 404 409"),
    # --- the own account (django-allauth): nothing of anybody else stands in these addresses
    "account_login": Row(get="200 away away away away away", post="200 away away away away away"),
    "account_logout": Row(get="away 200 200 200 200 200", post="away"),
    "account_inactive": Row(get="200", post="405"),
    "account_signup": Row(get="200 away away away away away", post="200 away away away away away"),
    "account_reauthenticate": Row(get="login 200 200 200 200 200", post="login 200 200 200 200 200"),
    "account_email": Row(get="login 200 200 200 200 200", post="login away away away away away"),
    "account_email_verification_sent": Row(
        get="login away away away away away", post="login away away away away away"
    ),
    "account_change_password": Row(get="login 200 200 200 200 200", post="login 200 200 200 200 200"),
    "account_set_password": Row(get="login away away away away away", post="login away away away away away"),
    "account_reset_password": Row(get="200", post="200"),
    "account_reset_password_done": Row(get="200", post="405"),
    "account_reset_password_from_key": Row(get="200", post="200"),
    "account_reset_password_from_key_done": Row(get="200", post="405"),
    "account_confirm_login_code": Row(
        get="login away away away away away", post="login away away away away away"
    ),
    "usersessions_list": Row(get="login 200 200 200 200 200", post="login away away away away away"),
    # --- second factors; `away`: to prove once more that it is them
    **SECOND_STEP,
}
