"""What a person takes home on paper about a case."""
