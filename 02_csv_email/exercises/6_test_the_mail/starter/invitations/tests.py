"""Tests of the invitation. Run them: python manage.py test invitations"""

from django.test import TestCase


class InvitationTest(TestCase):
    def test_the_task_mails_the_invitation(self):
        self.fail("Write me.")

    def test_it_is_sent_when_the_student_is_committed(self):
        self.fail("Write me.")
