#include "core/input/units.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"

namespace byzsim::units_test {

TEST_CASE("a rate is read in every unit, bits or bytes a second") {
  const std::vector<std::pair<std::string, std::int64_t>> rates = {{"3 bit/s", 3},
                                                                   {"3 kbit/s", 3'000},
                                                                   {"3 Mbit/s", 3'000'000},
                                                                   {"3 Gbit/s", 3'000'000'000},
                                                                   {"3 Tbit/s", 3'000'000'000'000},
                                                                   {"3 B/s", 24},
                                                                   {"3 kB/s", 24'000},
                                                                   {"3 MB/s", 24'000'000},
                                                                   {"3 GB/s", 24'000'000'000},
                                                                   {"3 TB/s", 24'000'000'000'000}};
  for (const auto& [text, bits] : rates) {
    CAPTURE(text);
    CHECK(parse_rate(text) == bits);
  }
}

TEST_CASE("a rate may be written with decimals, an exponent and without a space") {
  CHECK(parse_rate("0.3 GB/s") == 2'400'000'000);
  CHECK(parse_rate("1e3 kbit/s") == 1'000'000);
  CHECK(parse_rate("10Gbit/s") == 10'000'000'000);
  CHECK(parse_rate("0.5 B/s") == 4);
  CHECK(parse_rate("2.50e+3 bit/s") == 2500);
}

TEST_CASE("a rate lies between one bit a second and the fastest") {
  CHECK(parse_rate("1 bit/s") == 1);
  CHECK(parse_rate("1000 Tbit/s") == kFastestRate);
  for (const char* text :
       {"0 bit/s", "0.4 bit/s", "1.6 bit/s", "-1 Gbit/s", "1001 Tbit/s", "1e300 bit/s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rate(text));
  }
}

TEST_CASE("what is no rate is not read as one") {
  for (const char* text : {"", "10", "Gbit/s", "10 gbit/s", "10 Gb/s", "10 Gbit", "10 Gbit/s ",
                           " 10 Gbit/s", "ten Gbit/s", "1,5 Gbit/s", "0x10 bit/s", "nan bit/s",
                           "inf bit/s", "5 ms", "10 Gbit/s/s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rate(text));
  }
}

TEST_CASE("a rate is written in the largest unit that needs at most three decimals") {
  const std::vector<std::pair<std::int64_t, std::string>> rates = {
      {1, "1 bit/s"},
      {999, "999 bit/s"},
      {1'500, "1.5 kbit/s"},
      {1'234'000, "1.234 Mbit/s"},
      {1'234'567, "1234.567 kbit/s"},
      {10'000'000'000, "10 Gbit/s"},
      {2'500'000'000'000, "2.5 Tbit/s"},
      {kFastestRate, "1000 Tbit/s"}};
  for (const auto& [bits, text] : rates) {
    CHECK(format_rate(bits) == text);
    CHECK(parse_rate(text) == bits);
  }
}

TEST_CASE("a duration is read in every unit, as nanoseconds") {
  const std::vector<std::pair<std::string, std::int64_t>> durations = {
      {"2 ns", 2},
      {"2 us", 2 * kMicrosecond},
      {"2 ms", 2 * kMillisecond},
      {"2 s", 2 * kSecond},
      {"2 min", 120 * kSecond},
      {"2 h", 7200 * kSecond},
      {"0 ns", 0},
      {"1.5s", 1'500'000'000},
      {"0.25 us", 250},
      {"1e-9 s", 1},
      {"000.0010000 ms", 1000},
      {"0.0000000000025 h", 9},
      {"123456.789012345 s", 123'456'789'012'345},
      {"0e999 s", 0},
      {"1e6 s", kLongestDuration}};
  for (const auto& [text, nanoseconds] : durations) {
    CAPTURE(text);
    CHECK(parse_duration(text) == nanoseconds);
  }
}

TEST_CASE("what is no duration is not read as one") {
  for (const char* text : {"", "5", "ms", "5 MS", "-5 ms", "5 ms ", " 5 ms", "five ms", "nan s",
                           "1000001 s", "5 Gbit/s", "1e+-3 s", "1e s", "1.2.3 s", ". s", "+5 ms"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("a duration that is no whole number of nanoseconds is not rounded") {
  for (const char* text : {"0.4 ns", "1.5 ns", "1e-12 s", "0.0004 us", "0.0000000001 s", "1e-999 s",
                           "123456.7890123456 s", "0.000000000000000000000001 h"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("decimal digits of a seed are decimal, and hexadecimal ones follow 0x") {
  CHECK(parse_seed("42") == 42);
  CHECK(parse_seed("010") == 10);
  CHECK(parse_seed("0x2a") == 42);
  CHECK(parse_seed("18446744073709551615") == -1);  // the bits of 2^64 - 1
  CHECK(parse_seed("0xffffffffffffffff") == -1);
}

TEST_CASE("what is no seed is not read as one") {
  for (const char* text : {"", "abc", "2a", "0x", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0X2a",
                           "0x-1", "18446744073709551616", "0x10000000000000000"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_seed(text));
  }
}

TEST_CASE("a duration is written in the largest unit up to seconds that stays short") {
  const std::vector<std::pair<std::int64_t, std::string>> durations = {
      {0, "0 ns"},
      {1, "1 ns"},
      {1'500, "1.5 us"},
      {5'000'000, "5 ms"},
      {1'234'567, "1234.567 us"},
      {1'500'000'000, "1.5 s"},
      {7200 * kSecond, "7200 s"},
      {kLongestDuration, "1000000 s"}};
  for (const auto& [nanoseconds, text] : durations) {
    CHECK(format_duration(nanoseconds) == text);
    CHECK(parse_duration(text) == nanoseconds);
  }
}

}  // namespace byzsim::units_test
