"""The incomplete beta and gamma functions, in the standard library alone. Pure.

Both are a density times a series or a continued fraction (DLMF 8.7.1, 8.9.2, 8.17(v)). The densities are C. Loader's
(Fast and accurate computation of binomial probabilities, 2000): the difference of logarithms of factorials would lose
eight digits where somebody counts thirty million ratings. scipy has the same functions in 270 MB (docs/metrics.md).
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, lgamma, log, pi, sqrt

_TINY, _NEAR, _STEPS = 1e-300, 1e-15, 2_000_000
_HALF_LOG_TAU = log(2 * pi) / 2
_SERIES = (1 / 12, 1 / 360, 1 / 1260, 1 / 1680, 1 / 1188)


def _stirling_error(n: float) -> float:
    """ln Γ(n + 1) less Stirling's (n + ½) ln n - n + ½ ln 2π."""
    if n <= 15:
        return lgamma(n + 1) - (n + 0.5) * log(n) + n - _HALF_LOG_TAU
    s0, s1, s2, s3, s4 = _SERIES
    square = n * n
    return (s0 - (s1 - (s2 - (s3 - s4 / square) / square) / square) / square) / n


def _deviance(x: float, mean: float) -> float:
    """x ln(x / mean) + mean - x, without losing what is left when the two are close."""
    gap = x - mean
    if abs(gap) >= 0.1 * (x + mean):
        return x * log(x / mean) - gap
    v = gap / (x + mean)
    total, term, step = gap * v, 2 * x * v, 1
    while True:
        term *= v * v
        step += 2
        more = total + term / step
        if more == total:
            return total
        total = more


def poisson_density(k: float, mean: float) -> float:
    """mean^k e^-mean / Γ(k + 1); k need not be whole.

    Args:
        k: not negative.
        mean: positive.
    """
    if k == 0:
        return exp(-mean)
    return exp(-_stirling_error(k) - _deviance(k, mean)) / sqrt(2 * pi * k)


def beta_density(x: float, a: float, b: float) -> float:
    """x^(a-1) (1-x)^(b-1) / B(a, b).

    Args:
        x: strictly between 0 and 1.
        a, b: positive.
    """
    return _beta_front(x, 1 - x, a, b) / (x * (1 - x))


def _beta_front(x: float, y: float, a: float, b: float) -> float:
    """x^a y^b / B(a, b)."""
    n = a + b
    power = _stirling_error(n) - _stirling_error(a) - _stirling_error(b)
    power -= _deviance(a, n * x) + _deviance(b, n * y)
    return exp(power) * sqrt(a * b / (2 * pi * n))


def incomplete_gamma(a: float, x: float) -> float:
    """The regularised lower incomplete gamma function P(a, x): for whole a the chance of at least a of a mean of x.

    Args:
        a: positive.
        x: not negative.
    """
    if x <= 0:
        return 0.0
    return _gamma_series(a, x) if x < a + 1 else 1 - _gamma_fraction(a, x)


def incomplete_gamma_above(a: float, x: float) -> float:
    """1 - P(a, x), exact also where that is tiny: for whole a the chance of fewer than a of a mean of x."""
    if x <= 0:
        return 1.0
    return _gamma_fraction(a, x) if x >= a + 1 else 1 - _gamma_series(a, x)


def _gamma_series(a: float, x: float) -> float:
    """P(a, x) by its power series (DLMF 8.7.1)."""
    total = term = 1.0
    for step in range(1, _STEPS):
        term *= x / (a + step)
        total += term
        if term < total * _NEAR / 10:
            return min(1.0, poisson_density(a, x) * total)
    raise ArithmeticError(f"no value for P({a}, {x})")


def _gamma_fraction(a: float, x: float) -> float:
    """Q(a, x) by its continued fraction (DLMF 8.9.2), on Lentz's way."""
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / _away(b)
    value = d
    for step in range(1, _STEPS):
        b += 2
        factor = step * (a - step)
        d = 1 / _away(factor * d + b)
        c = _away(b + factor / c)
        value *= c * d
        if abs(c * d - 1) < _NEAR:
            return min(1.0, poisson_density(a, x) * a * value)
    raise ArithmeticError(f"no value for Q({a}, {x})")


def incomplete_beta(x: float, a: float, b: float, rest: float | None = None) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction.

    For whole a ≤ n it is the chance of at least a hits in n = a + b - 1 trials of chance x.

    Args:
        x: within [0, 1].
        a, b: positive.
        rest: 1 - x where it is known to more digits than the difference has: for an x close to 1.
    """
    return _beta(x, 1 - x if rest is None else rest, a, b) if 0 < x < 1 else float(x >= 1)


def incomplete_beta_above(x: float, a: float, b: float, rest: float | None = None) -> float:
    """1 - I_x(a, b), exact also where that or x is tiny: for whole a the chance of fewer than a hits."""
    return _beta(1 - x if rest is None else rest, x, b, a) if 0 < x < 1 else float(x <= 0)


def _beta(x: float, y: float, a: float, b: float) -> float:
    """I_x(a, b), given y = 1 - x as well: the small one of them would lose its digits in the difference."""
    ahead = a - (a + b) * x if a <= b else (a + b) * y - b
    if ahead < 0:
        return 1 - min(1.0, _beta_front(y, x, b, a) * _beta_fraction(y, x, b, a, -ahead))
    return min(1.0, _beta_front(x, y, a, b) * _beta_fraction(x, y, a, b, ahead))


def _beta_fraction(x: float, y: float, a: float, b: float, ahead: float) -> float:
    """The even part of the continued fraction, in the difference `ahead` = a - (a + b) x, which is known exactly.

    It is the one of algorithm 708 (DiDonato and Morris, ACM TOMS 18, 1992): the plain fraction subtracts numbers that
    are equal to eight digits where a or b is thirty million.
    """
    c, c1 = 1 + ahead, 1 + 1 / a
    before, over, before_under, under = 0.0, 1.0, 1.0, c / c1
    value, p, s = c1 / c, 1.0, a + 1
    for step in range(1, _STEPS):
        t, w, e = step / a, step * (b - step) * x, a / s
        alpha = p * (p + b / a) * e * e * w * x
        e = (t + 1) / (c1 + t + t)
        beta = step + w / s + e * (c + step * (y + 1))
        p, s = 1 + t, s + 2
        before, over = over, alpha * before + beta * over
        before_under, under = under, alpha * before_under + beta * under
        last, value = value, over / under
        if abs(value - last) <= _NEAR * value:
            return value
        before, over, before_under, under = before / under, value, before_under / under, 1.0
    raise ArithmeticError(f"no value for I_{x}({a}, {b})")


def _away(value: float) -> float:
    """A number that can be divided by."""
    return value if abs(value) > _TINY else _TINY


def root(
    excess: Callable[[float], float], slope: Callable[[float], float], guess: float, low: float, high: float = inf
) -> float:
    """Where a rising function comes to zero: Newton's steps, halving where one of them would leave the bracket.

    Args:
        excess: the function, negative at `low`.
        slope: its derivative.
        guess: where to begin, within the bracket.
        high: the end of the bracket, where it is not negative; none if not known.
    """
    at = guess
    for _ in range(200):
        found = excess(at)
        if found < 0:
            low = at
        else:
            high = at
        steep = slope(at)
        target = at - found / steep if steep > 0 else inf
        if not low < target < high or target > 8 * at + 1:
            target = (low + high) / 2 if high < inf else 2 * at + 1
        if abs(target - at) <= _NEAR * abs(target) or high - low <= _NEAR * abs(low):
            return target
        at = target
    return at
