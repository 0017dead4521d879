"""Awarding a certificate safely, and printing one naively. Plain functions."""

from students.models import Student

from .models import Certificate, Printout


def award(student_id: int) -> bool:
    """Give the student a certificate; False when there is one already.

    Safe to repeat, also at the same moment: the constraint in the database decides,
    not a question asked before.
    """
    _, new = Certificate.objects.get_or_create(student_id=student_id)
    return new


def print_sheet(student_id: int) -> int:
    """Print a certificate; return how many sheets the student has by now. Not safe."""
    Printout.objects.create(student_id=student_id)
    return Printout.objects.filter(student_id=student_id).count()


def next_student() -> Student | None:
    """Return a student without a certificate, any student when all have one."""
    return (
        Student.objects.filter(certificate=None, printout=None).first()
        or Student.objects.first()
    )


def counts(student_id: int) -> dict[str, int]:
    """Return how many certificates and printouts the student has."""
    return {
        "certificates": Certificate.objects.filter(student_id=student_id).count(),
        "printouts": Printout.objects.filter(student_id=student_id).count(),
    }
