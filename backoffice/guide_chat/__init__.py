"""What a person keeps of the services guide: a list to tick in the chat, and its sheet of paper."""
