"""Why a command does not go on."""


class Refusal(Exception):
    """A reason not to start, in one line that names the remedy."""
