"""/attendance/"""

from django.urls import path

from . import views

urlpatterns = [path("roll-calls/", views.roll_calls, name="roll-calls")]
