"""Installing, starting and checking Sportello on one machine."""
