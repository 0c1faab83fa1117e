"""New keys for old ones: of the organisations, and the installation's secret."""
