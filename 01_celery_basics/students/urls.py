"""/api/: the router lists what there is."""

from rest_framework.routers import DefaultRouter

from .views import StudentViewSet

router = DefaultRouter()
router.register("students", StudentViewSet)
urlpatterns = router.urls
