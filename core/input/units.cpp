// Exactly, in integers: 0.3 s is 300,000,000 ns, and no double is 0.3.

#include "core/input/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace byzsim {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
constexpr std::array<Unit, 6> kUnits = {{{"h", 3600 * kSecond},
                                         {"min", 60 * kSecond},
                                         {"s", kSecond},
                                         {"ms", kMillisecond},
                                         {"us", kMicrosecond},
                                         {"ns", 1}}};

struct RateUnit {
  std::string_view name;
  std::int64_t bits_per_second;
};
constexpr std::array<RateUnit, 10> kRateUnits = {{{"Tbit/s", 1'000'000'000'000},
                                                  {"Gbit/s", 1'000'000'000},
                                                  {"Mbit/s", 1'000'000},
                                                  {"kbit/s", 1'000},
                                                  {"bit/s", 1},
                                                  {"TB/s", 8'000'000'000'000},
                                                  {"GB/s", 8'000'000'000},
                                                  {"MB/s", 8'000'000},
                                                  {"kB/s", 8'000},
                                                  {"B/s", 8}}};

__extension__ using WideSize = unsigned __int128;
// An int64 holds any number of this many digits.
constexpr int kQuantityDigits = 18;

// digits * 10^exponent of a unit.
struct Quantity {
  std::int64_t digits = 0;
  int exponent = 0;
  std::string_view unit;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes "12.50" from the text as digits and exponent. False without a digit, or with more than fit.
bool take_decimal(std::string_view& text, Quantity& quantity) {
  bool any = false, point = false;
  int digits = 0, zeros = 0;  // zeros not yet counted: they matter only before another digit
  for (; !text.empty() && (is_digit(text.front()) || (text.front() == '.' && !point));
       text.remove_prefix(1)) {
    if (text.front() == '.') {
      point = true;
      continue;
    }
    any = true;
    if (point) --quantity.exponent;
    if (text.front() == '0' && quantity.digits == 0) continue;
    ++zeros;
    if (text.front() == '0') continue;
    if ((digits += zeros) > kQuantityDigits) return false;
    for (; zeros > 0; --zeros) quantity.digits *= 10;
    quantity.digits += text.front() - '0';
  }
  quantity.exponent += zeros;
  return any;
}

// Takes "e-3" from the text, where it is one.
bool take_exponent(std::string_view& text, Quantity& quantity) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return true;
  const bool plus = text.size() > 1 && text[1] == '+';
  text.remove_prefix(plus ? 2 : 1);
  if (plus && (text.empty() || !is_digit(text.front()))) return false;
  int exponent = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  // Bounded, so that the loops over powers of ten end soon.
  if (error != std::errc{} || exponent < -1000 || exponent > 1000) return false;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  quantity.exponent += exponent;
  return true;
}

std::optional<Quantity> parse_quantity(std::string_view text) {
  Quantity quantity;
  if (!take_decimal(text, quantity) || !take_exponent(text, quantity)) return std::nullopt;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  quantity.unit = text;
  return quantity;
}

// The quantity in the smallest unit, of which its own is a multiple; nothing where that is no whole
// number, or above the most.
std::optional<std::int64_t> in_smallest_unit(const Quantity& quantity, std::int64_t multiple,
                                             std::int64_t most) {
  if (quantity.digits == 0) return 0;
  WideSize size = static_cast<WideSize>(quantity.digits) * static_cast<WideSize>(multiple);
  for (int exponent = quantity.exponent; exponent < 0; ++exponent, size /= 10)
    // A digit would be lost: finer than the smallest unit.
    if (size % 10 != 0) return std::nullopt;
  for (int exponent = quantity.exponent; exponent > 0; --exponent)
    // Within the loop: 128 bits would overflow after it.
    if ((size *= 10) > static_cast<WideSize>(most)) return std::nullopt;
  if (size > static_cast<WideSize>(most)) return std::nullopt;
  return static_cast<std::int64_t>(size);
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
  const auto quantity = parse_quantity(text);
  if (!quantity) return std::nullopt;
  for (const Unit& known : kUnits)
    if (known.name == quantity->unit)
      return in_smallest_unit(*quantity, known.nanoseconds, kLongestDuration);
  return std::nullopt;
}

std::string format_duration(std::int64_t nanoseconds) {
  for (const Unit& unit : kUnits) {
    if (unit.nanoseconds > kSecond) continue;  // seconds and below read best
    if (unit.nanoseconds > 1 &&
        (nanoseconds < unit.nanoseconds || nanoseconds % (unit.nanoseconds / 1000) != 0))
      continue;
    return fmt::format("{} {}",
                       static_cast<double>(nanoseconds) / static_cast<double>(unit.nanoseconds),
                       unit.name);
  }
  return fmt::format("{} ns", nanoseconds);
}

std::optional<std::int64_t> parse_rate(std::string_view text) {
  const auto quantity = parse_quantity(text);
  if (!quantity || quantity->digits == 0) return std::nullopt;
  for (const RateUnit& known : kRateUnits)
    if (known.name == quantity->unit)
      return in_smallest_unit(*quantity, known.bits_per_second, kFastestRate);
  return std::nullopt;
}

std::string format_rate(std::int64_t bits_per_second) {
  for (const RateUnit& unit : kRateUnits) {
    const std::int64_t one = unit.bits_per_second;
    if (one == 1 || (bits_per_second >= one && bits_per_second % (one / 1000) == 0))
      return fmt::format("{} {}", static_cast<double>(bits_per_second) / static_cast<double>(one),
                         unit.name);
  }
  return "";
}

std::optional<std::int64_t> parse_seed(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  std::uint64_t bits = 0;
  const auto [rest, error] =
      std::from_chars(text.data(), text.data() + text.size(), bits, hexadecimal ? 16 : 10);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return static_cast<std::int64_t>(bits);
}

std::string format_seed(std::int64_t seed) {
  if (seed >= 0 && seed < (std::int64_t{1} << 53)) return fmt::format("{}", seed);
  return fmt::format("0x{:016x}", static_cast<std::uint64_t>(seed));
}

}  // namespace byzsim
