"""/steps/: the four steps of one consumer, side by side."""

from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path("", TemplateView.as_view(template_name="chat/steps.html"), name="steps")
]
