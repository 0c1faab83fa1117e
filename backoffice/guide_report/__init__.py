"""What people ask that the guide does not answer, in figures that tell of nobody."""
