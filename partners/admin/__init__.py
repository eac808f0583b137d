"""The administrators' site for people, organisations and places.

State is read-only here: memberships, role grants and invitations begin and end through the services; gatherings and
the outbox are only looked at.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from partners.admin import gatherings, organisations, outbox, people, places

__all__ = ["gatherings", "organisations", "outbox", "people", "places"]

# The one way in is the normal sign-in, so that lock-out and second factor count for administrators as well.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth says
admin.site.site_title = admin.site.site_header = _("ekip Engine administration")
admin.site.index_title = _("What the platform keeps")
# Nobody gets rights through groups: administrators have all of them here, and role grants rule everywhere else.
admin.site.unregister(Group)
