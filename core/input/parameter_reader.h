// Parameters and choices between JSON and values, following their declarations. Mistakes are added
// to a list with their JSON pointer; reading goes on, so that all are found at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "core/input/parameters.h"

namespace byzsim {

/// The JSON value as the declared type and within its range; nothing (and an issue) otherwise.
std::optional<Value> read_value(const Parameter& declared, const Json& json,
                                const std::string& where, Issues& issues);
/// The value as read_value() reads it back to the same bits: durations, rates and large seeds as
/// text.
Json write_value(const Parameter& declared, const Value& value);
/// Whether the value has its place in what is written.
bool is_written(const Parameter& declared, const Value& value);
/// The JSON schema (2020-12) of one parameter, with its default.
Json schema_of(const Parameter& declared);

/// An object of parameters: what is absent takes its default, an unknown key is an issue.
Parameters read_parameters(const std::vector<Parameter>& declared, const Json& object,
                           const std::string& where, Issues& issues);
/// All values in their order but those that are left out at their default. Each is declared.
Json write_parameters(const std::vector<Parameter>& declared, const Parameters& parameters);

/// {"name": ..., "parameters": {...}}, the bare name, or a number where a strategy has one for it
/// (Declaration::number). `kind` is the noun of messages ("rule"). An alias becomes the preferred
/// name, with a note. Beside the name stand no other keys than `keys`. On an issue the first
/// declaration at its defaults is returned.
Choice read_choice(const std::vector<Declaration>& among, const std::string& kind, const Json& json,
                   const std::string& where, Issues& issues, Notes& notes,
                   const std::vector<std::string>& keys = {"parameters"});
/// A list of them; one alone need not stand in a list.
std::vector<Choice> read_choices(const std::vector<Declaration>& among, const std::string& kind,
                                 const Json& json, const std::string& where, Issues& issues,
                                 Notes& notes);
/// {"name": ..., "parameters": {...}} of a choice among the declarations, by its preferred name.
Json write_choice(const std::vector<Declaration>& among, const Choice& choice);
/// The schema of one choice, and of a choice or a list of them: every declaration with its
/// parameters.
Json schema_of_choice(const std::vector<Declaration>& among);
Json schema_of_choices(const std::vector<Declaration>& among);

/// The choice of that name with every parameter at its default.
Choice default_choice(const std::vector<Declaration>& among, const std::string& name);

/// Adds an issue for each key of `object` that is not in `known`.
void refuse_unknown_keys(const Json& object, const std::vector<std::string>& known,
                         const std::string& where, Issues& issues);

}  // namespace byzsim
