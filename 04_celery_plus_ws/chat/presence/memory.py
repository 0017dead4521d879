"""Who is here, for a process that is alone (CHANNEL_LAYER=memory): no Redis is asked."""

import time
from collections import defaultdict


class Memory:
    """As presence.InRedis, in a dict. There is one process, so an entry is a name."""

    def __init__(self):
        self.until = defaultdict(dict)  # room -> name -> the time until which it counts

    def put(self, rooms, lease):
        for room, names in rooms.items():
            self.until[room].update(dict.fromkeys(names, time.monotonic() + lease))

    def remove(self, rooms):
        for room, names in rooms.items():
            for name in names:
                self.until[room].pop(name, None)

    def read(self, rooms) -> dict:
        now, found = time.monotonic(), {}
        for room in list(rooms):
            here = self.until.get(room, {})
            entries = [name for name, until in list(here.items()) if until > now]
            found[room] = entries, len(entries)
        return found

    def rooms(self) -> list[str]:
        return list(self.until)
