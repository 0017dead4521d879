"""The roll calls that were taken."""

from django.db import models


class RollCall(models.Model):
    """One roll call: when it was taken, and how many students there were."""

    taken_at = models.DateTimeField(auto_now_add=True, db_index=True)
    students = models.PositiveIntegerField()

    class Meta:
        ordering = ("-taken_at", "-id")

    def __str__(self):
        return f"{self.taken_at:%H:%M:%S}, {self.students} students"
