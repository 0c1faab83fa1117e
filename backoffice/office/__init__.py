"""The office behind the service: contact and opening hours."""
