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

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const Unit& known : kUnits) {
    if (known.name != unit) continue;
    const double nanoseconds = number * static_cast<double>(known.nanoseconds) + 0.5;
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
