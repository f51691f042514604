"""The register of business licences: its rules, its store, its signatures, its gRPC service."""
