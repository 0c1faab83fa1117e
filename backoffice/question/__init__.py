"""The further questions of a case type: what an administrator adds, in versions, and what was answered."""
