"""Addresses of the demonstration, included only with EKIP_DEMO=1."""

from django.urls import path

from ekip.demo import views

app_name = "demo"
urlpatterns = [
    path("sign-in/", views.choose_person, name="sign_in"),
    path("sign-in/<slug:key>/", views.sign_in, name="sign_in"),
    path("mail/", views.mail, name="mail"),
    path("mail/<slug:key>/", views.message, name="message"),
    path("mail/<slug:key>/html/", views.message_html, name="message_html"),
]
