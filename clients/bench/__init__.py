"""Measurements of speed, each as a ratio of two things timed in turns in one process."""
