// The worked examples of public Byzantine-learning libraries, for the tests that compare with them.
// The file lies outside the source tree: $BYZSIM_SHARED/golden.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>

#include "core/input/json.h"
#include "tests/catch.h"

namespace byzsim {

/// The examples by group; null, with a warning, when they are not at hand.
inline Json peer_examples() {
  const char* shared = std::getenv("BYZSIM_SHARED");
  if (shared == nullptr) {
    WARN("skipped: BYZSIM_SHARED does not name the folder that holds golden/peer_examples.json");
    return nullptr;
  }
  const std::string path = std::string(shared) + "/golden/peer_examples.json";
  std::ifstream file(path);
  REQUIRE(file.is_open());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_json(text, path);
}

/// A number of an example; "inf" and "nan" stand for what JSON cannot say.
inline double number_of(const Json& value) {
  if (value.is_number()) return value.get<double>();
  const double magnitude = value.get<std::string>().find("inf") != std::string::npos
                               ? std::numeric_limits<double>::infinity()
                               : std::numeric_limits<double>::quiet_NaN();
  return value.get<std::string>().front() == '-' ? -magnitude : magnitude;
}

}  // namespace byzsim
