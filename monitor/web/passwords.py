"""Passwords as salted hashes (scrypt, RFC 7914), with their cost written beside them so that it can be raised later."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error

_COST, _BLOCK, _LANES = 2**14, 8, 5
_MEMORY = 64 * 2**20
SHORTEST = 10


def hash_password(password: str, salt: bytes) -> str:
    """Return the hash of a password, to be stored. `salt` is 16 random bytes."""
    return f"scrypt${_COST}${_BLOCK}${_LANES}${_text(salt)}${_text(_derived(password, salt, _COST, _BLOCK, _LANES))}"


def is_password(password: str, stored: str) -> bool:
    """Whether a password is the one that was stored; it takes the same time whether it is or not."""
    try:
        _, cost, block, lanes, salt, wanted = stored.split("$")
        found = _derived(password, b64decode(salt), int(cost), int(block), int(lanes))
        return hmac.compare_digest(found, b64decode(wanted))
    except (ValueError, Error):
        return False


def _derived(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=32)


def _text(value: bytes) -> str:
    return b64encode(value).decode("ascii")
