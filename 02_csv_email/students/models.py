"""The school: its students."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Student(models.Model):
    """One student. `age` is in years."""

    name = models.CharField(max_length=100)
    age = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(3), MaxValueValidator(120)]
    )

    class Meta:
        ordering = ("age", "name", "id")
        indexes = [models.Index(fields=["age", "name", "id"], name="students_by_age")]

    def __str__(self):
        return f"{self.name}, {self.age}"
