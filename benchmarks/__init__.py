"""What Sportello is measured against: each benchmark with its peer, in one run."""
