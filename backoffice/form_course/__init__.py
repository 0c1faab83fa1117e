"""Forms of the chat: which are begun, and which are sent."""
