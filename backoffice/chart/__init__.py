"""Charts drawn on the server as SVG. They know numbers and words, and nothing of what is counted."""
