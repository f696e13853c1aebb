"""`python -m benchmarks.faults`: real programs, real calls, and faults; then what was lost."""
