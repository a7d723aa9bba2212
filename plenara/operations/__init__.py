"""Running an installation: the command line, serve, worker, backup, upgrade, health, metrics."""
