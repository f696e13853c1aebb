"""What is measured, against what, on which machine. Nothing here is a test."""
