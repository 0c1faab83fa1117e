"""What one body gives another of a case: shares, referrals, transfers and openings in need."""
