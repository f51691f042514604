"""Everything on one machine: database, certificates, registry, verifier; what `yizhao up` does."""
