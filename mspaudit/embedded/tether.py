"""Become a server that dies with its parent: a script run as `python -I -S tether.py …`, never imported.

    tether.py PARENT_PID SIGNAL IDENTITY COMMAND [ARGUMENT…]

Why a program of its own and not `subprocess`'s `preexec_fn`: that runs Python between fork and exec, in
the copy of a process whose other threads vanished while they may have held locks, and can hang there.
Here exec already happened, so the process is new, has one thread, and may take its time.

IDENTITY is `self`, `UID:GID` to become another user, or `namespace` to be seen as an unprivileged user
by the command while the files stay those of the current one.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534


def main(parent: int, death_signal: int, identity: str, command: list[str]) -> None:
    if identity == "namespace":
        enter_namespace()
    elif identity != "self":
        become(*(int(number) for number in identity.split(":")))
    # Last: the kernel forgets the death signal of a process that changes its identity.
    if sys.platform == "linux":
        ask_kernel(ctypes.CDLL(None, use_errno=True).prctl, PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # It died before the kernel was told to watch it.
        os.kill(os.getpid(), signal.SIGKILL)
    os.execvp(command[0], command)


def become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def enter_namespace() -> None:
    uid, gid = os.geteuid(), os.getegid()
    ask_kernel(ctypes.CDLL(None, use_errno=True).unshare, CLONE_NEWUSER)
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{file}", "w") as stream:
            stream.write(text)


def ask_kernel(function: "ctypes._NamedFuncPointer", *arguments: int) -> None:
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
