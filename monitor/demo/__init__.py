"""A day of news replayed on this machine: the gateway and the sample day."""
