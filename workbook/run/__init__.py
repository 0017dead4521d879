"""Start a stage, wait for it, log it and stop it: processes, services, ports."""
