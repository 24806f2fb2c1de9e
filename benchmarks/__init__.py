"""Measurements in temporary databases, run by `make bench`; they never touch the configured one."""
