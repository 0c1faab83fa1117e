"""Courses for family assistants: who waits, who attends, who has a certificate."""
