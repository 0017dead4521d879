"""The made-up school that the classroom starts with."""

import random

from .models import Student

FIRST = """
    Ana Beatriz Caio Davi Elisa Felipe Gabriela Heitor Isabela João Karina Lucas Mariana
    Natália Otávio Pedro Quitéria Rafael Sofia Tiago Úrsula Vitória Yara Zeca
""".split()  # noqa: SIM905 - a list of names reads better so
LAST = """
    Almeida Barbosa Cardoso Dias Esteves Ferreira Gomes Lima Moraes Nogueira Oliveira
    Pereira Ramos Silva Teixeira Vieira
""".split()  # noqa: SIM905
SIZE = 60  # students
YOUNGEST, OLDEST = 11, 18  # years


def invent(size=SIZE, seed=2026):
    """Return `size` unsaved students, the same ones for the same seed."""
    dice = random.Random(seed)
    people = [Student(name="Pedro", age=14)]  # the one the report's example shows
    while len(people) < size:
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
        people.append(Student(name=name, age=dice.randint(YOUNGEST, OLDEST)))
    return people


def seed_school():
    """Fill an empty school; return how many students were added. Safe to repeat."""
    if Student.objects.exists():
        return 0
    return len(Student.objects.bulk_create(invent()))
