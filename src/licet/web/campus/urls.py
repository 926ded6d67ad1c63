"""The education side's pages."""

from django.urls import URLPattern, path

from licet.web.campus import (
    applying,
    class_codes,
    class_lists,
    class_years,
    classes,
    documents,
    home,
    joining,
    licenses,
    mailbox,
    requests,
)

CASE = "requests/<str:case>/"
LICENSE = "licenses/<str:entitlement>/"
CLASS = "classes/<str:group>/"

urlpatterns: list[URLPattern] = [
    path("", home.home, name="campus_home"),
    path("mine/", home.mine, name="campus_mine"),
    path("institutions/", applying.institutions, name="campus_institutions"),
    path("apply/<slug:programme>/", applying.apply, name="campus_apply"),
    path(CASE, requests.status, name="campus_case"),
    path(f"{CASE}details/", applying.details, name="campus_details"),
    path(f"{CASE}proofs/", applying.proofs, name="campus_proofs"),
    path(f"{CASE}papers/", documents.documents, name="campus_documents"),
    path(f"{CASE}papers/<str:document>/remove/", documents.remove, name="campus_document_remove"),
    path(f"{CASE}papers/<str:document>/<int:page>/", documents.picture, name="campus_page"),
    path(f"{CASE}mailbox/", mailbox.ask, name="campus_mailbox"),
    path(f"{CASE}mailbox/code/", mailbox.confirm, name="campus_mailbox_confirm"),
    path("mailbox/<str:loop>/<str:mark>/", mailbox.link, name="campus_mailbox_link"),
    path(f"{CASE}review/", applying.review, name="campus_review"),
    path(f"{CASE}message/", requests.message, name="campus_message"),
    path(f"{CASE}objection/", requests.objection, name="campus_objection"),
    path(f"{CASE}mail/", requests.mail_again, name="campus_mail_again"),
    path(f"{CASE}withdraw/", requests.withdraw, name="campus_withdraw"),
    path(f"{CASE}join/", joining.join, name="campus_join"),
    path("join/<str:joining_id>/", joining.join_answer, name="campus_join_answer"),
    path("join/<str:joining_id>/<str:mark>/", joining.join_link, name="campus_join_link"),
    path("backup/", joining.backup, name="campus_backup"),
    path(f"{CASE}class/", class_codes.class_code, name="campus_class_code"),
    path("class/", class_codes.class_join, name="campus_class_join"),
    path("card/", class_codes.card, name="campus_card"),
    path("classes/", classes.class_list, name="campus_classes"),
    path("classes/new/<slug:programme>/", classes.class_new, name="campus_class_new"),
    path(CLASS, classes.class_page, name="campus_class"),
    path(f"{CLASS}edit/", classes.class_edit, name="campus_class_edit"),
    path(f"{CLASS}code/", classes.class_code, name="campus_class_code_change"),
    path(f"{CLASS}places/", classes.class_places, name="campus_class_places"),
    path(f"{CLASS}list/", class_lists.roster, name="campus_class_roster"),
    path(f"{CLASS}list/file/", class_lists.sheet, name="campus_class_sheet"),
    path(f"{CLASS}cards/", class_lists.make_cards, name="campus_cards_make"),
    path(f"{CLASS}cards/print/", class_lists.print_cards, name="campus_cards_print"),
    path(f"{CLASS}cards/orders/<str:run>/", class_lists.card_run, name="campus_card_run"),
    path(f"{CLASS}cards/orders/<str:run>/pdf/", class_lists.card_sheet, name="campus_card_sheet"),
    path(f"{CLASS}cards/<str:place>/", class_lists.replace_card, name="campus_card_replace"),
    path(f"{CLASS}offer/", classes.class_offer, name="campus_class_offer"),
    path(f"{CLASS}next-year/", class_years.class_carry, name="campus_class_carry"),
    path(f"{CLASS}end/", classes.class_end, name="campus_class_end"),
    path("agreements/<str:agreement>/", classes.agreement, name="campus_agreement"),
    path(LICENSE, licenses.card, name="campus_license"),
    path(f"{LICENSE}extend/", licenses.extend, name="campus_extend"),
    path(f"{LICENSE}new-address/", licenses.new_address, name="campus_new_address"),
]
