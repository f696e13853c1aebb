"""Starts the hotline's programs on one machine and keeps them up; imports none of them."""
