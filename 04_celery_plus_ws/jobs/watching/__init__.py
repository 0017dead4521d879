"""One look at a job, shared by all the sockets of this process that watch it."""
