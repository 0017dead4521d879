#!/bin/sh
# Run one process of the Procfile in this folder: process.sh web
# exec: the process itself gets the container's SIGTERM, not a shell around it.
set -eu
command=$(sed -n "s/^$1:[[:space:]]*//p" Procfile)
if [ -z "$command" ]; then
    echo "The Procfile has no process named $1." >&2
    exit 64
fi
case $1 in
    release) exec sh -c "$command" ;;
    *) exec sh -c "exec $command" ;;
esac
