"""The people served, and where they can be reached."""

from backoffice.person import keys as keys  # listens to sessions: whoever writes a name renews its digests
