"""One frame to many sockets: one ear a process, and a queue of each socket's own.

Upstream's way gives every socket a channel in Redis and two tasks for every event, and
Channels goes to a thread before each, to close old database connections. That costs more
than passing a frame on. Here the process listens once, and hands ready frames on.
"""

import asyncio
import logging
from collections import defaultdict, deque
from weakref import WeakKeyDictionary

from channels.consumer import get_handler_name
from channels.layers import get_channel_layer

from .close_codes import TRY_LATER
from .layer import LAYER_DOWN

AT_ONCE = 200  # listeners that are told before the loop may do something else
MOST = 1000  # frames that may wait for one socket
logger = logging.getLogger(__name__)


class Hub:
    """What this process hears from the layer's groups."""

    def __init__(self):
        self.layer = get_channel_layer()
        self.listeners = defaultdict(dict)  # group -> the functions that want its events
        self.joined = set()
        self.lock = asyncio.Lock()  # one joins or leaves at a time
        self.tasks = set()  # asyncio itself holds its tasks only weakly
        self.channel = None

    async def join(self, group: str, listener):
        """From now on `listener(event)` is called. It must not wait for anything."""
        self.listeners[group][listener] = True
        if group in self.joined:
            return
        try:
            async with self.lock:
                if self.channel is None:
                    await self._open()
                if group not in self.joined:
                    await self.layer.group_add(group, self.channel)
                    self.joined.add(group)
                # Again: another one's failure may have removed it meanwhile.
                self.listeners[group][listener] = True
        except BaseException:
            self.leave(group, listener)
            raise

    def leave(self, group: str, listener):
        self.listeners[group].pop(listener, None)
        if not self.listeners[group]:
            del self.listeners[group]
            self._start(self._leave(group))

    async def tell(self, group: str, **event) -> bool:
        """Send an event to the group's listeners in every process; False: Redis is down."""
        try:
            await self.layer.group_send(group, {"type": "told", "group": group, **event})
        except LAYER_DOWN:
            return False
        return True

    async def _leave(self, group):
        async with self.lock:
            if group in self.listeners or group not in self.joined:
                return  # look again: somebody has come meanwhile
            self.joined.discard(group)
            try:
                await self.layer.group_discard(group, self.channel)
            except LAYER_DOWN as error:
                logger.warning("Redis did not hear that a group was left: %s", error)

    async def _open(self):
        opened = asyncio.get_running_loop().create_future()
        self._start(self._listen(opened))
        self.channel = await opened

    async def _listen(self, opened):
        try:
            channel = await self.layer.new_channel()  # it lasts as long as this task
        except Exception as error:
            opened.set_exception(error)
            return
        opened.set_result(channel)
        while True:
            try:
                await self._pass_on(await self.layer.receive(channel))
            except LAYER_DOWN:  # only the core layer says so
                await asyncio.sleep(1)
                await self._join_again()
            except Exception:  # one bad event must not make the whole process deaf
                logger.exception("An event was not passed on.")

    async def _join_again(self):
        """After a restart Redis' core layer has forgotten who was in which group."""
        try:
            for group in list(self.joined):
                await self.layer.group_add(group, self.channel)
        except LAYER_DOWN:
            return  # receive() will say so, too

    async def _pass_on(self, event):
        listeners = list(self.listeners.get(event["group"], ()))
        for number, listener in enumerate(listeners, 1):
            listener(event)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)

    def _start(self, coroutine):
        task = asyncio.ensure_future(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


class FanOut:
    """Ready frames for one socket, to be mixed into its consumer."""

    # The hub has the channel: Channels finds no layer of this name, and makes none.
    channel_layer_alias = "the hub's"

    async def __call__(self, scope, receive, send):
        self.unsent, self.writer = deque(), None
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.ended()
            if self.writer:
                self.writer.cancel()

    async def dispatch(self, message):
        """As Channels', without the thread: our handlers do not touch the database."""
        await getattr(self, get_handler_name(message))(message)

    def ended(self):
        """Called when the socket has ended, in whatever way."""

    def hear(self, *texts):
        """Send frames, in their order, and beside whoever calls."""
        if len(self.unsent) + len(texts) > MOST:  # it does not read what it is sent
            self.unsent.clear()
            self.unsent.append(None)
        else:
            self.unsent.extend(texts)
        if self.writer is None or self.writer.done():
            self.writer = asyncio.create_task(self._write())

    async def _write(self):
        while self.unsent:
            text = self.unsent.popleft()
            if text is None:
                await self.close(TRY_LATER)
            else:
                await self.send(text_data=text)


def one_a_loop(make):
    """A function that returns this event loop's own `make()`, the same every time."""
    made = WeakKeyDictionary()

    def the_one():
        loop = asyncio.get_running_loop()
        if loop not in made:
            made[loop] = make()
        return made[loop]

    return the_one


hub = one_a_loop(Hub)
