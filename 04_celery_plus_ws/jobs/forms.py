"""What may be asked of a job."""

from django import forms

MOST_ROWS = 1_000_000
LONGEST_PAUSE = 50  # milliseconds a row


class JobForm(forms.Form):
    """Both may be left out: the whole school, without a pause."""

    rows = forms.IntegerField(min_value=1, max_value=MOST_ROWS, required=False)
    pause_ms = forms.IntegerField(min_value=0, max_value=LONGEST_PAUSE, required=False)

    def reason(self) -> str:
        """Return in one line what is wrong."""
        return " ".join(
            f"{field}: {' '.join(errors)}" for field, errors in self.errors.items()
        )
