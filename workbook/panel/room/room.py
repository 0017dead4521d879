"""The machine room of one run: its server in a thread of the launcher."""

import asyncio
import logging
import threading

from workbook.panel.room.picture import Picture
from workbook.run.ports import HOST
from workbook.run.stage_run import StageRun


class Room:
    """`Room(run, port).open()`, then `connect()` when the run is ready, then `close()`."""

    def __init__(self, run: StageRun, port: int):
        self.picture = Picture(run)
        self.port = port
        self.url = f"http://{HOST}:{port}/"
        self.server = None
        self.thread = threading.Thread(target=self._serve, name="room", daemon=True)

    def open(self) -> "Room":
        """Return at once; the page answers a moment later, while the stage starts."""
        self.thread.start()
        return self

    def connect(self) -> None:
        self.picture.connect()

    def say(self, sentence: str) -> None:
        """Tell those who watch why the stage ends."""
        self.picture.ending = sentence

    def close(self) -> None:
        self.picture.close()
        if self.server:
            self.server.should_exit = True
            self.thread.join(5)

    def _serve(self) -> None:
        # Imported here, beside the start of the stage, which it does not delay.
        from workbook.panel.room.site import site
        from workbook.panel.serving import listen, server

        try:
            self.server = server(site(self.picture))
            asyncio.run(self.server.serve(sockets=[listen(HOST, self.port)]))
        except Exception as error:
            logging.getLogger("workbook.panel").error("The machine room: %r", error)
