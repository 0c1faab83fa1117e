"""Who lives together, and what the household lives on."""
