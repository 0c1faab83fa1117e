"""The web channel: the chat page and the calls it makes (contract, running.md, "Web chat")."""
