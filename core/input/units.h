// Time spans and seeds as people write them. Simulated time itself is int64 nanoseconds everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace byzsim {

/// Spans in nanoseconds.
constexpr std::int64_t kMicrosecond = 1'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
/// No single duration may exceed this (about 11 days), so that sums of them stay far from overflow.
constexpr std::int64_t kLongestDuration = 1'000'000 * kSecond;

/// "5 ms", "1.5s", "0 ns" in nanoseconds, exactly; units ns, us, ms, s, min, h. Nothing if the text
/// is no whole number of nanoseconds in [0, kLongestDuration].
std::optional<std::int64_t> parse_duration(std::string_view text);

/// The shortest exact form in the largest unit that needs at most three decimals: "5 ms", "1.5 s".
std::string format_duration(std::int64_t nanoseconds);

/// "10 Gbit/s", "0.3 GB/s" in bits a second, exactly; units bit/s and B/s with k, M, G, T (powers
/// of 1000). Nothing if the text is no whole number of bits a second in [1 bit/s, kFastestRate].
std::optional<std::int64_t> parse_rate(std::string_view text);
/// The fastest rate that is accepted, in bits a second.
constexpr std::int64_t kFastestRate = 1'000'000'000'000'000;

/// In the largest unit of bits that needs at most three decimals: "10 Gbit/s".
std::string format_rate(std::int64_t bits_per_second);

/// "42" or "0x2a", an integer in [0, 2^64), as the int64 of the same bits. Decimal digits are
/// decimal, with zeros before them, too.
std::optional<std::int64_t> parse_seed(std::string_view text);

/// A decimal integer in [0, 2^53), otherwise "0x" and 16 hex digits.
std::string format_seed(std::int64_t seed);

}  // namespace byzsim
