"""A problem with the work in a home: which one, how urgent it is, and the first step, told in the chat."""
