"""The wire: requests to commands, facts to messages. No rule and no SQL."""
