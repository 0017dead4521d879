"""/api/tasks/"""

from django.urls import path

from .views import task_status

urlpatterns = [path("<str:task_id>/", task_status, name="task-status")]
