"""/reports/"""

from django.urls import path

from . import views
from .age_report import FILE_NAME

urlpatterns = [path(FILE_NAME, views.age_report_file, name="age-report-file")]
