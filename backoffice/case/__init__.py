"""Cases: one matter of one person, from the first contact to its closing."""
