"""What a mediator's day needs around the threads: ready answers and kept filters."""
