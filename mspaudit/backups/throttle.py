"""How often one address may call, counted in this process alone: no other server is asked."""

from threading import Lock

# A loop gone wild is stopped; thousands of runs a minute are not a backup's.
A_MINUTE = 12_000
MOST_ADDRESSES = 50_000


class Throttle:
    """Counts calls a minute by address. Safe between threads; forgets when the minute turns."""

    def __init__(self, a_minute: int = A_MINUTE) -> None:
        self._most = a_minute
        self._minute = 0
        self._counts: dict[bytes, int] = {}
        self._lock = Lock()

    def allows(self, address: bytes, *, seconds: float) -> bool:
        """Whether this call is within the limit. ``seconds``: a clock that only goes forward."""
        minute = int(seconds // 60)
        with self._lock:
            if minute != self._minute or len(self._counts) >= MOST_ADDRESSES:
                self._minute, self._counts = minute, {}
            count = self._counts.get(address, 0) + 1
            self._counts[address] = count
        return count <= self._most
