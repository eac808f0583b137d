"""Addresses of the policy areas."""

from django.urls import path

from recommendations.areas import views

app_name = "areas"
urlpatterns = [
    path("policy-areas/", views.area_list, name="list"),
    path("policy-areas/new/", views.identify, name="identify"),
    path("policy-areas/<slug:slug>/", views.area_detail, name="detail"),
    path("policy-areas/<slug:slug>/sources/add/", views.add_source, name="add_source"),
    path("policy-areas/<slug:slug>/sources/<int:pk>/remove/", views.remove_source, name="remove_source"),
    path("policy-areas/<slug:slug>/briefing/", views.write_briefing, name="briefing"),
    path("policy-areas/<slug:slug>/briefing/publish/", views.publish_briefing, name="publish_briefing"),
    path("policy-areas/<slug:slug>/select/", views.select, name="select"),
    path("policy-areas/<slug:slug>/decline/", views.decline, name="decline"),
    path("policy-areas/<slug:slug>/reopen/", views.reopen, name="reopen"),
]
