"""What matching is at every desk: preferences that are weighed, rankings, and weights that are set."""
