"""Appointments at a desk: hours and slots, who has which, who waits for one."""
