"""The audit trail as auditors read it: a page, JSON, a table to take away."""
