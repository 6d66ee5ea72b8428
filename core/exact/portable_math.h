// Transcendental functions from + - * / and exact operations alone. The C library's own differ
// between CPUs from one binary, so none of them may reach a digest. double throughout; errors given
// in units of the last place (ulp) were measured against long double over the stated ranges.
#pragma once

namespace byzsim::portable {

/// e^x; 0 below -745.2, infinity above 709.8, NaN for NaN.
double exp(double x);
/// Natural logarithm; -infinity at 0, NaN below 0 and for NaN, infinity at infinity.
double log(double x);
/// Hyperbolic tangent; +-1 beyond |x| = 22, NaN for NaN.
double tanh(double x);
/// Sine and cosine of x radians, |x| <= 2^20; beyond it is a programmer error.
double sin(double x);
double cos(double x);
/// Inverse of the standard normal distribution, p in (0, 1): Wichura's AS 241 (PPND16, 1988).
double normal_quantile(double p);

}  // namespace byzsim::portable
