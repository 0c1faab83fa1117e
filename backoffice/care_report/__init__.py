"""What a coordinator sees of the care-work desk."""
