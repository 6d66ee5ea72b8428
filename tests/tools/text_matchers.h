// What standard output and error are matched with, under one name in both generations of Catch2.
#pragma once

#include <string>

#include "tests/catch.h"

namespace byzsim::process {

using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

inline auto contains(const std::string& part) {
#if __has_include(<catch2/catch_all.hpp>)
  return Catch::Matchers::ContainsSubstring(part);
#else
  return Catch::Matchers::Contains(part);
#endif
}

}  // namespace byzsim::process
