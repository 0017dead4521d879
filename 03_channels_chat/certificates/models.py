"""Certificates, with a rule in the database, and printouts, without one."""

from django.db import models

from students.models import Student


class Certificate(models.Model):
    """A student's certificate. The database refuses a second one."""

    student = models.ForeignKey(Student, models.CASCADE)
    awarded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student"], name="one_certificate_a_student")
        ]

    def __str__(self):
        return f"Certificate of {self.student}"


class Printout(models.Model):
    """One printed sheet. Nothing stops a second one."""

    student = models.ForeignKey(Student, models.CASCADE)
    printed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"Printout for {self.student}"
