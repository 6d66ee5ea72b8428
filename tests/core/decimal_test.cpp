#include "core/input/decimal.h"

#include "tests/catch.h"

namespace byzsim::decimal_test {
namespace {

std::vector<std::int64_t> units_of(const std::string& list) {
  return parse_decimals(list, "list").units;
}

Issues issues_of(const std::string& list) {
  try {
    parse_decimals(list, "list");
  } catch (const InputError& error) {
    return error.issues();
  }
  return {};
}

}  // namespace

TEST_CASE("decimals are whole numbers of the finest place among them") {
  const Decimals decimals = parse_decimals("1,2.5,-0.25", "list");
  CHECK(decimals.units == std::vector<std::int64_t>{100, 250, -25});
  CHECK(decimals.places == 2);
}

TEST_CASE("zeros at either end, signs and blanks change no number") {
  const Decimals decimals = parse_decimals("+007.500, 0.0 ,-.5,3.", "list");
  CHECK(decimals.units == std::vector<std::int64_t>{75, 0, -5, 30});
  CHECK(decimals.places == 1);
}

TEST_CASE("fifteen digits are exact and sixteen are refused") {
  CHECK(units_of("999999999999999") == std::vector<std::int64_t>{999'999'999'999'999});
  CHECK(units_of("0.000000000000001") == std::vector<std::int64_t>{1});
  // The second number needs 14 places, at which the first has 16 digits.
  REQUIRE(issues_of("10,0.00000000000001").size() == 1);
  CHECK(issues_of("10,0.00000000000001")[0].problem ==
        "the numbers need 2 digits before and 14 after the point, 15 in all are exact");
}

TEST_CASE("every word that is not a decimal number is an issue of its own") {
  const Issues issues = issues_of("1,two,3,1e5,-,.,,0x1,1.2.3");
  REQUIRE(issues.size() == 7);
  CHECK(issues[0] == Issue{"list", "\"two\" is not a decimal number",
                           "write numbers such as 2, -0.5 or 10.25, with commas between them"});
  CHECK(issues[4].problem == "\"\" is not a decimal number");
}

TEST_CASE("a decimal is written without spare zeros") {
  CHECK(format_decimal(1500, 3) == "1.5");
  CHECK(format_decimal(-25, 2) == "-0.25");
  CHECK(format_decimal(3000, 3) == "3");
  CHECK(format_decimal(0, 4) == "0");
  CHECK(format_decimal(70, 0) == "70");
}

TEST_CASE("the exponent of a number is that of its first digit") {
  CHECK(decimal_exponent(1234.5) == 3);
  CHECK(decimal_exponent(-0.05) == -2);
  CHECK(decimal_exponent(0.001) == -3);
  CHECK(decimal_exponent(9.9999999) == 0);
  CHECK(decimal_exponent(0) == 0);
  CHECK(decimal_exponent(5e-324) == -324);
}

TEST_CASE("a number is rounded to decimals, or to tens and hundreds") {
  CHECK(round_decimals(1.23456, 3) == 1.235);
  CHECK(round_decimals(-31622.7766, -1) == -31620);
  CHECK(round_decimals(96, -1) == 100);
  CHECK(round_decimals(1e-320, 321) == 1e-320);
}

}  // namespace byzsim::decimal_test
