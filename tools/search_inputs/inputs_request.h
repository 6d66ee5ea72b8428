// What `byzsim search-inputs` is asked: aggregations, each with a number of vectors and a
// dimension.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/pre_aggregators/aggregation.h"

namespace byzsim {

/// As typed.
struct InputsWords {
  std::string rule;                  ///< a name or JSON; empty with `all`
  bool all = false;                  ///< every rule that n, f and the chain admit
  std::vector<std::string> without;  ///< names that `all` leaves out
  std::vector<std::string> pre;      ///< names or JSON
  std::optional<std::string> n, f;
  std::string d = "1";
  bool unsafe = false;
};

/// One aggregation of n vectors of that dimension.
struct InputsSetting {
  Aggregation aggregation;
  std::size_t n;
  std::size_t dimension;
};

/// For every (n, f), for every dimension, for every rule.
struct InputsRequest {
  std::vector<InputsSetting> settings;
  Notes left_out;  ///< of `all`: which rules, and why
};

/// Throws InputError for lists, rules and chains that cannot be read, and for a rule whose
/// condition on n and f is not met.
InputsRequest inputs_request(const InputsWords& words);

}  // namespace byzsim
