"""The verifying service: checks by RPC and as a page, from published data kept on disk.

Needs the extra `server`. Holds no rule of its own: each answer is `license_verify.verify`'s.
"""
