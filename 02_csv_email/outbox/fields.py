"""An e-mail address in a form."""

import unicodedata

from django import forms


class AddressField(forms.EmailField):
    """One address on one line.

    A newline in an address would begin a header of the sender's choice ("Bcc: …").
    Django's own field strips it at the ends and so lets half of such tries through.
    """

    def __init__(self, **kwargs):
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(max_length=254, widget=widget, **kwargs)

    def to_python(self, value):
        if any(unicodedata.category(sign) == "Cc" for sign in str(value or "")):
            raise forms.ValidationError("The address must be one line of plain text.")
        return super().to_python(value)
