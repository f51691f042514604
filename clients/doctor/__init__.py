"""What is wrong with an installation: the likeliest failures, each with cause and next command.

Every check reads, and none changes anything. They work while services are down.
"""
