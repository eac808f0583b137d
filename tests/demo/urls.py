"""The addresses of the site as EKIP_DEMO=1 gives them."""

from django.urls import include, path

from ekip import urls

urlpatterns = [*urls.urlpatterns, path("demo/", include("ekip.demo.urls"))]
handler404 = urls.handler404
handler500 = urls.handler500
