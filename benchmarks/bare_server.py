"""The limit: one process, no layer, no Django; every message to every client."""

import asyncio
import sys

from websockets.asyncio.server import broadcast, serve

clients = set()


async def chat(socket):
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
