"""Lists that a person saves in a conversation: what to bring and to do, ticked one by one."""
