"""Signing in and out, oneself, and the keeping of accounts.

The pages of django-allauth are named one by one: what is not here does not exist (no addresses to manage, no codes,
no sign-up). Their names are the library's own, because it looks them up.
"""

from allauth.account import views as allauth_views
from django.urls import path, register_converter

from kumppani.accounts.converters import ResetKeyConverter, UserKeyConverter
from kumppani.accounts.views import invitations, sessions, users

register_converter(UserKeyConverter, "user_key")
register_converter(ResetKeyConverter, "reset_key")

urlpatterns = [
    path("account/login/", allauth_views.login, name="account_login"),
    path("account/logout/", sessions.logout, name="account_logout"),
    path("account/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("account/signup/", allauth_views.signup, name="account_signup"),
    path("account/reauthenticate/", sessions.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", sessions.password_change, name="account_change_password"),
    path("account/password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "account/password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"
    ),
    path(
        "account/password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "account/password/reset/key/<user_key:uidb36>-<reset_key:key>/",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("role/switch/", sessions.RoleSwitch.as_view(), name="role_switch"),
    path("language/switch/", sessions.language_switch, name="language_switch"),
    path("leave/", sessions.leave_quickly, name="leave_quickly"),
    path("quiet/", sessions.quiet_page, name="quiet_page"),
    path("invitations/choose-password/", invitations.accept, name="invitation_accept"),
    path("invitations/<str:token>/", invitations.follow, name="invitation_open"),
    path("users/", users.UserList.as_view(), name="user_list"),
    path("users/create/", users.UserCreate.as_view(), name="user_create"),
    path("users/<uuid:pk>/", users.UserDetail.as_view(), name="user_detail"),
    path("users/<uuid:pk>/invite/", users.UserInvite.as_view(), name="user_invite"),
    path("users/<uuid:pk>/deactivate/", users.UserDeactivate.as_view(), name="user_deactivate"),
    path("users/<uuid:pk>/activate/", users.UserActivate.as_view(), name="user_activate"),
    path("users/<uuid:pk>/roles/add/", users.RoleAdd.as_view(), name="user_role_add"),
    path("roles/<uuid:pk>/end/", users.RoleEnd.as_view(), name="user_role_end"),
]
