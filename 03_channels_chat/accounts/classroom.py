"""The three people of the classroom."""

from django.contrib.auth import get_user_model

PASSWORD = "classroom"  # known to everybody: only ever with debug on
USERS = {"ana": False, "bruno": False, "teacher": True}  # name -> is a member of staff


def seed_users() -> int:
    """Add whoever of the three is missing; return how many were added."""
    users = get_user_model().objects
    missing = [name for name in USERS if not users.filter(username=name).exists()]
    for name in missing:
        users.create_user(name, password=PASSWORD, is_staff=USERS[name])
    return len(missing)
