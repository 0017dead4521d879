"""How many frames a second one socket may send."""

import time


class Bucket:
    """Holds up to `rate` tokens and gains as many a second; a frame takes one."""

    def __init__(self, rate: float, clock=time.monotonic):
        self.rate = rate
        self.clock = clock
        self.tokens = rate
        self.filled_at = clock()

    def take(self) -> bool:
        """Take a token; False when there is none left."""
        now = self.clock()
        self.tokens = min(self.rate, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True
