// The parts of a configuration of ByzFL's benchmark that are not one number, flag or text: choices
// by name with their parameters, and lists. Mistakes become issues with their JSON pointer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "tools/import/byzfl_config.h"

namespace byzsim {

/// What an object has under a key: null where it is absent or null, as ByzFL reads it.
const Json* held_at(const Json& object, const std::string& key);

/// One value, or a list of them, which differ; a list of several is refused unless it is an axis.
/// At least one, which after an issue is the default.
std::vector<Value> read_values(const Parameter& declared, const Json& json, bool axis,
                               const std::string& where, Issues& issues);

/// {"name", "parameters"} or a list of them; each with every combination of its parameters' values.
std::vector<ByzflChoice> read_objects(ByzflKind kind, const Json& json, const std::string& where,
                                      Issues& issues);
/// A name, or a list of names.
std::vector<ByzflChoice> read_names(ByzflKind kind, const Json& json, const std::string& where,
                                    Issues& issues);
/// A list of pre-aggregators is one chain, a list of lists several.
std::vector<ByzflChain> read_chains(const Json& json, const std::string& where, Issues& issues);
/// A list of steps, or a list of such lists.
std::vector<std::vector<std::int64_t>> read_milestones(const Json& json, const std::string& where,
                                                       Issues& issues);

}  // namespace byzsim
