"""A problem at home: which one, how urgent it is, and the first step, told in the chat."""
