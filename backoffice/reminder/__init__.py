"""What is written to a person in the chat at a set time: once, whatever stops meanwhile."""
