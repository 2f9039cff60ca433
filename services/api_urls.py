"""The partner API's table of contents."""

app_name = "api"

urlpatterns = []
