"""What every gRPC process shares: errors on the wire, identities, logs, servers, channels.

Needs the extra `rpc`; the checker itself never imports it.
"""
