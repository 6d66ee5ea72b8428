// A configuration of ByzFL's benchmark (its config.json) as a value, every key with ByzFL's
// default.
//
// A list in the file is an axis: so every key holds all its values, at least one. `milestones` and
// a flat list of pre-aggregators are one value each.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/input/json.h"
#include "core/input/parameters.h"
#include "tools/import/byzfl_names.h"

namespace byzsim {

/// One name with one value for each of its parameters.
struct ByzflChoice {
  const ByzflName* name = nullptr;  ///< of byzfl_names(); never null after reading
  Parameters parameters;            ///< by ByzFL's names
};

/// Pre-aggregators, one after the other; empty: none.
using ByzflChain = std::vector<ByzflChoice>;

/// The values of a key that is neither a choice nor a list by nature.
struct ByzflValues {
  std::string pointer;
  std::vector<Value> values;
};

struct ByzflConfig {
  std::vector<std::string>
      stated;  ///< JSON pointers of the keys that the file has, outermost first
  std::vector<ByzflValues> values;  ///< of every such key; of tolerated_f only if it is stated
  std::vector<ByzflChoice> algorithms, distributions, models, data_sets, aggregators, attacks;
  std::vector<ByzflChain> chains;
  std::vector<std::vector<std::int64_t>> milestones;

  bool states(const std::string& pointer) const;
  /// The values of "/section/key" as their declared type; one for keys that are no axis.
  const std::vector<Value>& at(const std::string& pointer) const;
  std::vector<std::int64_t> integers(const std::string& pointer) const;
  std::int64_t integer(const std::string& pointer) const { return integers(pointer).front(); }
  bool flag(const std::string& pointer) const;
};

/// Reads and checks a configuration. Throws InputError with all mistakes at once, each with its
/// JSON pointer: unknown keys and names, values out of range, names without a counterpart here.
ByzflConfig read_byzfl_config(const Json& json);

/// The pointers of all keys that a configuration may have.
std::vector<std::string> byzfl_keys();

}  // namespace byzsim
