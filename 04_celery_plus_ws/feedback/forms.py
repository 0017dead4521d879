"""What the visitor tells the school."""

from django import forms

from outbox.fields import AddressField


class FeedbackForm(forms.Form):
    email = AddressField(label="Your e-mail address")
    message = forms.CharField(
        label="Your message", max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
