"""`make learn`: the course in the browser, without a stage, until Ctrl-C."""

import asyncio
import contextlib

from workbook.panel.learn.course import Course
from workbook.panel.learn.site import site
from workbook.panel.serving import listen, server
from workbook.run.ports import HOST, port_from_env, require_free


def learn() -> int:
    port = port_from_env("ROOM_PORT", 8020)
    require_free(port, "ROOM_PORT", "the course")
    course = Course().open()
    web = server(site(course))
    print(f"The course: http://{HOST}:{port}/", flush=True)
    print("It checks an exercise at every save. Press Ctrl-C to stop.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(web.serve(sockets=[listen(HOST, port)]))
    course.close()
    return 0
