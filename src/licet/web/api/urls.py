from django.urls import URLPattern, path

from licet.web.api import connect, devices, leases, me, payments, projects, signing

urlpatterns: list[URLPattern] = [
    path("connect/token", connect.token, name="connect_token"),
    path("connect/device_authorization", connect.device_authorization, name="connect_device_authorization"),
    path("connect/revoke", connect.revoke, name="connect_revoke"),
    path("connect/userinfo", connect.userinfo, name="connect_userinfo"),
    path(".well-known/openid-configuration", connect.metadata, name="openid_metadata"),
    path(".well-known/oauth-authorization-server", connect.metadata, name="connect_metadata"),
    path(".well-known/jwks.json", signing.jwks, name="jwks"),
    path(".well-known/licet-keys.json", signing.manifest, name="key_manifest"),
    path("connect/jwks.json", signing.connect_jwks, name="connect_jwks"),
    path("v1/status/<int:number>", signing.status_list, name="status_list"),
    path("api/payments/<slug:provider>/events", payments.payment_events, name="payment_events"),
    path("api/v1/devices", devices.devices, name="api_devices"),
    path("api/v1/leases/borrow", leases.borrow, name="api_borrow"),
    path("api/v1/leases/return", leases.lease_return, name="api_return"),
    path("api/v1/me", me.me, name="api_me"),
    path("api/v1/projects/<str:project>/standing", projects.standing, name="api_project_standing"),
]
