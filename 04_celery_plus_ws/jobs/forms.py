"""What may be asked of a job."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

MOST_ROWS = 1_000_000
LONGEST_PAUSE = 50  # milliseconds a row
CSRF_FIELD = "csrfmiddlewaretoken"  # every form of ours has it


class JobForm(forms.Form):
    """Both may be left out: the whole school, without a pause."""

    rows = forms.IntegerField(min_value=1, max_value=MOST_ROWS, required=False)
    pause_ms = forms.IntegerField(min_value=0, max_value=LONGEST_PAUSE, required=False)

    def clean(self):
        unknown = sorted(set(self.data) - set(self.fields) - {CSRF_FIELD})
        if unknown:
            raise forms.ValidationError(f"There is no field {', '.join(unknown)}.")

    def reason(self) -> str:
        """Return in one line what is wrong."""
        return " ".join(
            ("" if field == NON_FIELD_ERRORS else f"{field}: ") + " ".join(errors)
            for field, errors in self.errors.items()
        )
