"""What the supervisor waits on: its children's output and the signals, in one `select`."""

import os
import selectors
import signal
import socket
from types import FrameType
from typing import BinaryIO

LONGEST_LINE = 64 * 1024
STOP = (signal.SIGINT, signal.SIGTERM)


class LabelledOutput:
    """Copies lines read from pipes to one stream, each behind the name of who said it."""

    def __init__(self, stream: BinaryIO, width: int) -> None:
        self._stream = stream
        self._width = width
        self._selector = selectors.DefaultSelector()
        self._unfinished: dict[int, bytes] = {}
        self.wake_up, self._woken = socket.socketpair()
        for end in (self.wake_up, self._woken):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)

    def follow(self, name: str, pipe: int) -> None:
        """Copy what comes out of `pipe`, and close it at its end."""
        os.set_blocking(pipe, False)
        self._unfinished[pipe] = b""
        self._selector.register(pipe, selectors.EVENT_READ, name)

    def pump(self, seconds: float) -> bool:
        """Copy what there is, waiting `seconds` at most for it, less if a signal comes. Says if any came."""
        ready = self._selector.select(seconds)
        for key, _ in ready:
            if key.fileobj is self._woken:
                self._woken.recv(4096)
            else:
                self._copy(key.fd, str(key.data))
        self._stream.flush()
        return bool(ready)

    def close(self) -> None:
        """Copy what was said so far, and stop listening."""
        while self.pump(0):
            continue
        for pipe in self._unfinished:
            os.close(pipe)
        self._selector.close()
        self._woken.close()
        self.wake_up.close()

    def say(self, name: str, text: str) -> None:
        """Our own word about `name`."""
        self._line(name, text.encode())
        self._stream.flush()

    def _copy(self, pipe: int, name: str) -> None:
        said = os.read(pipe, LONGEST_LINE)
        *lines, rest = (self._unfinished[pipe] + said).split(b"\n")
        if rest and (not said or len(rest) >= LONGEST_LINE):
            lines, rest = [*lines, rest], b""
        for line in lines:
            self._line(name, line)
        self._unfinished[pipe] = rest
        if not said:
            self._selector.unregister(pipe)
            del self._unfinished[pipe]
            os.close(pipe)

    def _line(self, name: str, line: bytes) -> None:
        self._stream.write(f"{name:<{self._width}} | ".encode() + line.rstrip(b"\r") + b"\n")


class StopSignals:
    """Turns the first SIGINT or SIGTERM into `received`, and any child's end into a wake-up.

    Once asked to stop, asking again changes nothing: the grace period is already running.
    """

    def __init__(self, output: LabelledOutput) -> None:
        self.received = False
        self._before = {number: signal.signal(number, self._on_stop) for number in STOP}
        # Without a handler, however idle, Python does not hear of it and `select` sleeps on.
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        self._descriptor = signal.set_wakeup_fd(output.wake_up.fileno(), warn_on_full_buffer=False)

    def restore(self) -> None:
        """Put back the handlers that were there."""
        signal.set_wakeup_fd(self._descriptor)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.received = True
