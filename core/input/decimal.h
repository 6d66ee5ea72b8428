// Decimal numbers as people write them, exactly: whole numbers of a power of ten.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/input/issue.h"

namespace byzsim {

/// Numbers on one grid: number i is units[i] / 10^places.
struct Decimals {
  std::vector<std::int64_t> units;
  int places = 0;  ///< as few as the numbers need
};

/// "1,2.50,-3" -> {100, 250, -300} / 10^2 without the spare zeros: {10, 25, -30} / 10. At most 15
/// digits on the common grid. Throws InputError at `where` with every word that is no such number.
Decimals parse_decimals(std::string_view list, const std::string& where);

/// The power of ten of a finite number's first digit: 3 of 1234.5, -2 of 0.05; 0 of 0.
int decimal_exponent(double value);

/// The finite number nearest to `value` with this many decimals; below zero, with whole tens (-1),
/// hundreds (-2) and so on, which must not exceed the number itself.
double round_decimals(double value, int decimals);

/// units / 10^places without trailing zeros: "-2.5".
std::string format_decimal(std::int64_t units, int places);

}  // namespace byzsim
