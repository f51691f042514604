"""The command `yizhao`: counters, supervisors and operators at a terminal."""
