"""What people decide and are told about their own data: consent asked in the chat, who sees, who looked."""
