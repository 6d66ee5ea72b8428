// What ByzFL's configuration calls by a name (models, rules, attacks, ...), and which strategy here
// does the same with which parameters. One table for each kind, in ByzFL's order.
//
// Source: ByzFL's benchmark and fed_framework, as they are public (arXiv 2505.24802).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/input/json.h"
#include "core/input/parameters.h"

namespace byzsim {

enum class ByzflKind { algorithm, distribution, model, data_set, rule, pre_aggregator, attack };

/// A parameter that both have, under ByzFL's name and with ByzFL's default.
struct ByzflParameter {
  Parameter theirs;
  std::string ours;
  bool required = false;  ///< ByzFL has no default
};

/// A name of ByzFL's.
struct ByzflName {
  std::string theirs;
  std::string ours;  ///< the strategy's; empty where there is none: see `refusal`
  std::vector<ByzflParameter> parameters = {};
  Json fixed = Json::object();   ///< parameters here for which ByzFL has no name
  Json beside = Json::object();  ///< keys beside the name and the parameters
  std::string note = "";         ///< how it differs from ByzFL; empty: it does not
  std::string refusal = "";      ///< why it cannot be imported; empty: it can
};

const std::vector<ByzflName>& byzfl_names(ByzflKind kind);

/// The entry of that name, or null.
const ByzflName* find_byzfl_name(ByzflKind kind, std::string_view theirs);

/// "aggregator": what messages call one of the kind.
const char* noun_of(ByzflKind kind);

}  // namespace byzsim
