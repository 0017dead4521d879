"""The lessons' visitor; the lessons themselves use the rest of it."""

import asyncio

import websockets

from workbook.visitor import Visitor


async def echo(connection):
    async for frame in connection:
        await connection.send(frame)


def test_a_server_too_busy_for_the_handshake_is_asked_again():
    asked = []

    def drop_the_first(connection, request):
        asked.append(request.path)
        if len(asked) == 1:
            connection.transport.abort()

    async def visit():
        serving = websockets.serve(echo, "127.0.0.1", 0, process_request=drop_the_first)
        async with serving as server:
            port = server.sockets[0].getsockname()[1]
            async with Visitor(f"http://127.0.0.1:{port}").socket("/here/") as socket:
                await socket.send({"message": "hi"})
                return await socket.receive()

    assert asyncio.run(visit()) == {"message": "hi"}
    assert asked == ["/here/", "/here/"]
