"""Addresses."""

from django.urls import URLPattern, URLResolver, path

from partners.views import deliveries, invitation, members, notifications, profile, reach

app_name = "partners"
urlpatterns: list[URLPattern | URLResolver] = [
    path("profile/", profile.profile, name="profile"),
    path("profile/second-factor/", profile.second_factor, name="second_factor"),
    path("profile/notifications/", reach.choices, name="notification_choices"),
    path("profile/absences/", reach.absences, name="absences"),
    path("profile/absences/<int:pk>/remove/", reach.remove_absence, name="remove_absence"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.mark_all, name="mark_all_notifications"),
    path("notifications/read/<str:stamp>/undo/", notifications.unmark_all, name="unmark_all_notifications"),
    path("notifications/<int:pk>/open/", notifications.open_notification, name="open_notification"),
    path("notifications/<int:pk>/mark/", notifications.mark, name="mark_notification"),
    path("unsubscribe/<str:token>/", reach.unsubscribe, name="unsubscribe"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/again/", deliveries.again, name="deliveries_again"),
    path("deliveries/progress/", deliveries.progress, name="deliveries_progress"),
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
