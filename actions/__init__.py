"""Custom actions: read slots, call the backoffice, say a text of the catalogues. No state of their own."""
