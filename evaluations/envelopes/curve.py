"""The curve of SM2 (GM/T 0003.5), for the one thing the wrapped library cannot do: texts of more than 255 bytes.

A source's `params` are thousands of bytes under one encryption, and gmssl_pyx refuses them. So the point is multiplied
here; the key stream (X9.63 with SM3) and the hash are those of `cryptography`. Python's integers do not take constant
time: the scalar and the point are therefore blinded anew for every call.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
BLINDING_BITS = 64


class Point(NamedTuple):
    """A point other than infinity."""

    x: int
    y: int


G = Point(
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)

# (X, Y, Z) stands for (X/Z², Y/Z³); Z = 0 is infinity.
_Jacobian = tuple[int, int, int]
_INFINITY: _Jacobian = (1, 1, 0)


def on_curve(point: Point) -> bool:
    """Whether y² = x³ - 3x + b, with both coordinates below P. A point off the curve would betray the key."""
    x, y = point
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x - 3) * x - B) % P == 0


def multiply(scalar: int, point: Point) -> Point:
    """`scalar` times a point of the curve.

    Args:
        scalar: 1 to N - 1.
        point: on the curve (`on_curve`).
    """
    blinded = scalar + N * (1 << (BLINDING_BITS - 1) | secrets.randbits(BLINDING_BITS - 1))
    z = secrets.randbelow(P - 1) + 1
    low, high = _INFINITY, (point.x * z * z % P, point.y * z * z * z % P, z)
    for place in reversed(range(blinded.bit_length())):
        if blinded >> place & 1:
            low, high = _add(low, high), _double(high)
        else:
            low, high = _double(low), _add(low, high)
    return _affine(low)


def _affine(point: _Jacobian) -> Point:
    x, y, z = point
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return Point(x * square % P, y * square * inverse % P)


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    delta, gamma = z * z % P, y * y % P
    beta = x * gamma % P
    alpha = 3 * (x - delta) * (x + delta) % P
    doubled = (alpha * alpha - 8 * beta) % P
    return doubled, (alpha * (4 * beta - doubled) - 8 * gamma * gamma) % P, 2 * y * z % P


def _add(one: _Jacobian, other: _Jacobian) -> _Jacobian:
    """The sum of two points that are not equal: in the ladder they always differ by its point."""
    if not one[2] or not other[2]:
        return other if not one[2] else one
    x1, y1, z1 = one
    x2, y2, z2 = other
    zz1, zz2 = z1 * z1 % P, z2 * z2 % P
    u1, s1 = x1 * zz2 % P, y1 * z2 * zz2 % P
    h, r = (x2 * zz1 - u1) % P, (y2 * z1 * zz1 - s1) % P
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - s1 * hhh) % P, z1 * z2 * h % P
