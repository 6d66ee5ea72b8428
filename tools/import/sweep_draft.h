// A sweep while it is made, axis by axis. The scenario is that of the first value of every axis, so
// that every pointer of an axis leads to a place in it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/input/json.h"

namespace byzsim {

/// Values of one key, for an axis or a part of one.
struct SweepLine {
  std::string column;   ///< the axis's name
  std::string pointer;  ///< into the scenario
  std::vector<Json> values;
};

/// A label and the changes that it is about: JSON pointers and values.
using LabelledChanges = std::pair<std::string, Json>;

struct SweepDraft {
  Json scenario = Json::object();
  Json axes = Json::array();
  std::int64_t points = 1;  ///< of all axes so far

  void set(const std::string& pointer, const Json& value);
  /// An axis where there are several values.
  void add_line(const SweepLine& line);
  /// Lines of equal length that vary together. Those of one value only become part of the scenario.
  void add_zip(const std::vector<SweepLine>& lines);
  /// Labels differ.
  void add_variants(const std::string& column, const std::vector<LabelledChanges>& variants);
};

}  // namespace byzsim
