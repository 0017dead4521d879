"""The limit: one process, no layer, no Django; each message to all clients of a path."""

import asyncio
import sys
from collections import defaultdict

from websockets.asyncio.server import broadcast, serve

rooms = defaultdict(set)


async def chat(socket):
    clients = rooms[socket.request.path]
    clients.add(socket)
    try:
        async for text in socket:
            broadcast(clients, text)
    finally:
        clients.discard(socket)


async def main(port):
    async with serve(chat, "127.0.0.1", port, compression=None) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
