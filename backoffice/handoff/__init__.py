"""The floor: asking for a mediator, taking a conversation over, handing it back."""
