"""The backoffice: the system of record, and the workplace of staff."""
