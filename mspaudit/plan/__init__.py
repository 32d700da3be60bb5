"""One plan of action a client, what was advised and what the client decided, for ever."""
