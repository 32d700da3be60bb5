"""Identifiers: random enough not to be guessed, ordered by time so that indexes stay compact."""

import os
import time
import uuid


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def new_ids(count: int) -> list[str]:
    """As many identifiers at once, as text: those of one millisecond, in no order among themselves."""
    milliseconds = f"{time.time_ns() // 1_000_000:012x}"
    bits = os.urandom(10 * count).hex()
    found = []
    for at in range(0, 20 * count, 20):
        # The version is the 13th digit; the 17th begins with the two bits of the variant.
        drawn, variant = bits[at : at + 20], "89ab"[int(bits[at + 3], 16) & 3]
        found.append(
            f"{milliseconds[:8]}-{milliseconds[8:]}-7{drawn[:3]}-{variant}{drawn[4:7]}-{drawn[7:19]}"
        )
    return found
