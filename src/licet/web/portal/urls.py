from django.urls import URLPattern, path

from licet.web.portal import applications, connect, home, invitations, mailing, members, seats, teams

urlpatterns: list[URLPattern] = [
    path("connect/authorize", connect.authorize, name="connect_authorize"),
    path("account/applications/", applications.applications, name="applications"),
    path("account/applications/<str:grant>/end/", applications.application_end, name="application_end"),
    path("teams/<str:team>/subscriptions/", seats.subscriptions, name="subscriptions"),
    path("teams/<str:team>/subscriptions/<slug:product>/", seats.subscriptions, name="subscriptions"),
    path("teams/<str:team>/members/", seats.team_members, name="team_members"),
    path("teams/<str:team>/members/<slug:product>/", seats.team_members, name="team_members"),
    path("teams/<str:team>/seats/<slug:product>/<str:member>/", seats.seat_toggle, name="seat_toggle"),
    path("account/", home.account_home, name="account_home"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/accept/", invitations.invitation_accept, name="invitation_accept"),
    path("invitations/<str:token>/decline/", invitations.invitation_decline, name="invitation_decline"),
    path("invitations/<str:token>/ask/", invitations.invitation_ask, name="invitation_ask"),
    path("teams/new/", teams.team_new, name="team_new"),
    path("teams/<str:team>/", teams.team_home, name="team_home"),
    path("teams/<str:team>/settings/", teams.team_settings, name="team_settings"),
    path("teams/<str:team>/people/<str:member>/", members.member, name="member"),
    path("teams/<str:team>/invite/", invitations.invite, name="invite"),
    path(
        "teams/<str:team>/invitations/<str:invitation>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path(
        "teams/<str:team>/invitations/<str:invitation>/resend/",
        invitations.invitation_resend,
        name="invitation_resend",
    ),
    path("mailbox/", mailing.mailbox, name="mailbox"),
    path("mailbox/<int:mail>/", mailing.mail, name="mail"),
    path("mailbox/<int:mail>/letter/", mailing.letter, name="mail_letter"),
]
