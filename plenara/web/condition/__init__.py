"""The state of the installation: gauges, told as numbers at `/metrics` and in words at the desk."""
