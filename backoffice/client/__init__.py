"""The typed client of the backoffice, for the other processes of ours."""
