"""Whole numbers in as few bytes as they need: seven bits a byte, the eighth says that more follow."""

from dataclasses import dataclass


class PackedError(Exception):
    """Bytes that were not packed by us, or were damaged since."""


def put_varint(packed: bytearray, number: int) -> None:
    """Append a number of zero or more."""
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)


def put_signed(packed: bytearray, number: int) -> None:
    """Append any number; small ones of either sign stay small (zigzag)."""
    put_varint(packed, number << 1 if number >= 0 else (-number << 1) - 1)


@dataclass(slots=True)
class Cursor:
    """Reads what was put, in order. Raises `PackedError` where the bytes end too early."""

    packed: bytes
    at: int = 0

    @property
    def at_end(self) -> bool:
        """Whether everything was read."""
        return self.at >= len(self.packed)

    def varint(self) -> int:
        """The next number of zero or more."""
        number = shift = 0
        while True:
            if self.at >= len(self.packed):
                raise PackedError("the packed bytes end in the middle of a number")
            byte = self.packed[self.at]
            self.at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the eighth bit
                return number
            shift += 7

    def signed(self) -> int:
        """The next number of either sign."""
        number = self.varint()
        return (number >> 1) ^ -(number & 1)

    def raw(self, length: int) -> bytes:
        """The next `length` bytes."""
        taken = self.packed[self.at : self.at + length]
        if len(taken) < length:
            raise PackedError("the packed bytes end too early")
        self.at += length
        return taken
