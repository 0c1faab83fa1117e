"""Links by which a family answers without an account."""
