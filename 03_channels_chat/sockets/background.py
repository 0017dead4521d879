"""Work beside a consumer, to be mixed into it."""

import asyncio


class Background:
    """Runs coroutines beside the consumer; they end when it ends, in whatever way."""

    async def __call__(self, scope, receive, send):
        self.tasks = []
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.stop_tasks()

    def start_task(self, coroutine):
        self.tasks.append(asyncio.create_task(coroutine))

    def stop_tasks(self):
        for task in self.tasks:
            task.cancel()
