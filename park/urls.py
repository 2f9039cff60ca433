"""The ground floor joins the rooms above by name only."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from park.accounts.views import set_language

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # one door for everybody, second factor included

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("services.api_urls")),
    path("", include("park.runtime.urls")),
    path("language/", set_language, name="set_language"),
    *i18n_patterns(
        path("", include("park.accounts.urls")),
        path("", include("park.organisations.urls")),
        path("", include("park.pages.urls")),
        path("", include("park.notices.urls")),
        path("", include("park.webhooks.urls")),
        path("", include("park.files.urls")),
        path("", include("park.letters.urls")),
        path("", include("services.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "park.pages.views.bad_request"
handler403 = "park.pages.views.permission_denied"
handler404 = "park.pages.views.page_not_found"
handler500 = "park.pages.views.server_error"
handler429 = "park.accounts.views.too_often"
