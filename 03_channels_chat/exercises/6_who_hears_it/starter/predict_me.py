"""Three pupils, two rooms, one word. Read, predict, then check."""

import asyncio
import json

from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.urls import path

from chat.steps.echo import EchoConsumer
from chat.steps.json_group import JsonConsumer

app = URLRouter(
    [path("echo/", EchoConsumer.as_asgi()), path("<room>/", JsonConsumer.as_asgi())]
)


async def enter(address):
    socket = WebsocketCommunicator(app, address)
    await socket.connect()
    return socket


async def frames_of(socket):
    """How many frames wait for this socket?"""
    count = 0
    while not await socket.receive_nothing(timeout=0.3):
        await socket.receive_from()
        count += 1
    return count


async def main():
    word = json.dumps({"message": "hi"})
    ana, bruno, carla = [await enter(a) for a in ("/blue/", "/blue/", "/red/")]
    await ana.send_to(text_data=word)
    heard = {"ana": await frames_of(ana), "carla": await frames_of(carla)}

    await bruno.disconnect()
    bruno = await enter("/blue/")  # he comes back
    heard["bruno"] = await frames_of(bruno)

    davi, elisa = await enter("/echo/"), await enter("/echo/")
    await davi.send_to(text_data=word)
    heard["elisa"] = await frames_of(elisa)
    return heard


heard = asyncio.run(main())
