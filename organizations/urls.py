"""The administrators' pages, and of allauth only what is used: no sign-up, no mail pages, no reset by mail."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as usersessions
from django.urls import include, path

from organizations.views import accounts, exports, items, people, places, proposals, roles, signs, units

second_factor = [
    path("", mfa.index, name="mfa_index"),
    path("authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/generate/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]

sign_on = [
    path("cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("error/", social.login_error, name="socialaccount_login_error"),
    path("<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
]

signing_in = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", accounts.change_password, name="account_change_password"),
    path("kept/", accounts.kept, name="account-kept"),
    path("2fa/", include(second_factor)),
    path("sessions/", usersessions.list_usersessions, name="usersessions_list"),
    path("oidc/", include(sign_on)),
]

structure = [
    path("", places.structure, name="structure-home"),
    path("regions/", places.regions, name="structure-regions"),
    path("regions/add/", places.add_region, name="structure-region-add"),
    path("regions/<str:code>/", places.region, name="structure-region"),
    path("units/", units.units, name="structure-units"),
    path("units/add/", units.add_unit, name="structure-unit-add"),
    path("units/<str:code>/", units.unit, name="structure-unit"),
    path("units/<str:code>/close/", units.close_unit, name="structure-unit-close"),
    path("halls/", places.halls, name="structure-halls"),
    path("halls/add/", places.add_hall, name="structure-hall-add"),
    path("halls/<str:code>/", places.hall, name="structure-hall"),
    path("halls/<str:code>/windows/add/", places.add_window, name="structure-window-add"),
    path("windows/<int:pk>/", places.window, name="structure-window"),
    path("windows/<int:pk>/close/", places.close_window, name="structure-window-close"),
    path("items/", items.items, name="structure-items"),
    path("items/add/", items.add_item, name="structure-item-add"),
    path("items/<str:code>/", items.item, name="structure-item"),
    path("items/<str:code>/close/", items.close_item, name="structure-item-close"),
    path("staff/", people.staff, name="structure-staff"),
    path("staff/add/", people.add_staff, name="structure-staff-add"),
    path("staff/<str:username>/", people.person, name="structure-person"),
    path("staff/<str:username>/edit/", people.edit_person, name="structure-person-edit"),
    path("staff/<str:username>/disable/", people.disable, name="structure-person-disable"),
    path("staff/<str:username>/enable/", people.enable, name="structure-person-enable"),
    path("staff/<str:username>/password/", people.password, name="structure-person-password"),
    path("staff/<str:username>/roles/add/", roles.add, name="structure-role-add"),
    path("staff/<str:username>/second-factor/", roles.second_factor, name="structure-second-factor"),
    path("roles/<int:pk>/end/", roles.end, name="structure-role-end"),
]

printed_signs = [
    path("windows/<int:pk>/renew/", signs.renew_sign, name="signs-renew"),
    path("retired/<int:pk>/stop/", signs.stop_sign, name="signs-stop"),
]

urlpatterns = [
    path("accounts/", include(signing_in)),
    path("desk/structure/", include(structure)),
    path("desk/signs/", include(printed_signs)),
    path("desk/people/roles/", roles.grid, name="structure-roles"),
    path("desk/people/roles/file/", roles.grid_file, name="structure-roles-file"),
    path("desk/exports/", exports.mine, name="exports"),
    path("desk/exports/<int:pk>/", exports.take, name="export"),
    path("desk/exports/waiting/", exports.waiting, name="exports-waiting"),
    path("desk/exports/waiting/<int:pk>/", exports.decide, name="export-decide"),
    path("desk/people/proposals/", proposals.proposals, name="structure-proposals"),
    path("desk/people/proposals/<int:pk>/", proposals.decide, name="structure-proposal"),
]
