"""The work with the people served: what is known of them, possible duplicates, one person on two channels."""
