"""The three people of the classroom."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

PASSWORD = "classroom"  # known to everybody: only ever with debug on
USERS = {"ana": False, "bruno": False, "teacher": True}  # name -> is a member of staff


def seed_users() -> int:
    """Add whoever of the three is missing; return how many were added."""
    users = get_user_model().objects
    missing = [name for name in USERS if not users.filter(username=name).exists()]
    if not missing:
        return 0
    hashed = make_password(PASSWORD)  # once: it is made to be slow
    for name in missing:
        users.create(username=name, password=hashed, is_staff=USERS[name])
    return len(missing)
