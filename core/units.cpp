#include "core/units.h"

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

struct Quantity {
  double number;
  std::string_view unit;
};

std::optional<Quantity> parse_quantity(std::string_view text) {
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  return Quantity{number, unit};
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
  const auto quantity = parse_quantity(text);
  if (!quantity) return std::nullopt;
  for (const Unit& known : kUnits) {
    if (known.name != quantity->unit) continue;
    const double nanoseconds = quantity->number * static_cast<double>(known.nanoseconds) + 0.5;
    if (!(nanoseconds >= 0.5 && nanoseconds <= static_cast<double>(kLongestDuration) + 0.5))
      return std::nullopt;
    return static_cast<std::int64_t>(nanoseconds);
  }
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
  if (!quantity) return std::nullopt;
  for (const RateUnit& known : kRateUnits) {
    if (known.name != quantity->unit) continue;
    const double bits = quantity->number * static_cast<double>(known.bits_per_second) + 0.5;
    if (!(bits >= 1 && bits <= static_cast<double>(kFastestRate) + 0.5)) return std::nullopt;
    return static_cast<std::int64_t>(bits);
  }
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
  if (text.substr(0, 2) == "0x") text.remove_prefix(2);
  if (text.empty() || text.size() > 16) return std::nullopt;
  std::uint64_t bits = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return static_cast<std::int64_t>(bits);
}

std::string format_seed(std::int64_t seed) {
  if (seed >= 0 && seed < (std::int64_t{1} << 53)) return fmt::format("{}", seed);
  return fmt::format("0x{:016x}", static_cast<std::uint64_t>(seed));
}

}  // namespace byzsim
