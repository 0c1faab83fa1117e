"""The first page after signing in: what waits for the reader."""
