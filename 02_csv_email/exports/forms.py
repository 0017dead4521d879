"""Where shall the report go?"""

from django import forms

from outbox.fields import AddressField


class EmailReportForm(forms.Form):
    email = AddressField(label="Your e-mail address")
