"""Addresses."""

from django.urls import URLPattern, URLResolver, path

from partners.views import invitation, members, profile

app_name = "partners"
urlpatterns: list[URLPattern | URLResolver] = [
    path("profile/", profile.profile, name="profile"),
    path("profile/second-factor/", profile.second_factor, name="second_factor"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("organisations/<slug:slug>/members/", members.members, name="members"),
    path("organisations/<slug:slug>/members/<int:pk>/", members.change_role, name="change_role"),
    path("organisations/<slug:slug>/members/<int:pk>/end/", members.end_membership, name="end_membership"),
    path("organisations/<slug:slug>/invite/", members.invite, name="invite"),
    path(
        "organisations/<slug:slug>/invitations/<int:pk>/cancel/",
        members.cancel_invitation,
        name="cancel_invitation",
    ),
]
