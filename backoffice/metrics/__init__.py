"""What Prometheus is told of the backoffice: counted as it happens, and looked up when it asks."""
