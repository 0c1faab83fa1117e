"""A home that its owner offers in the chat: owner, draft of the home, and the photos that follow."""
