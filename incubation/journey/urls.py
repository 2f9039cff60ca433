app_name = "journey"

urlpatterns = []
