"""An owner acts from a mailed link, without an account: proposes dates, says yes or no."""
