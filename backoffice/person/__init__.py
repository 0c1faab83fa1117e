"""The people served, and where they can be reached."""
