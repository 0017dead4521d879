"""The machine room: one page that shows a stage working, with hands on its processes.

It lives in the launcher, whose children the stage's processes are: only there are their
guards, and a second process would cost another 50 MB. The stage knows nothing of it. Its
workers send Celery's own events; queues and processes are looked at from outside.
"""
