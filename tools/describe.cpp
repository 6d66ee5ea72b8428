#include <fmt/format.h>

#include <algorithm>

#include "core/issue.h"
#include "tools/catalogue.h"
#include "tools/verbs.h"

namespace byzsim {
namespace {

// "rules" -> "rule", "searches" -> "search"; "data" stays.
std::string singular(const std::string& kind) {
  if (kind.ends_with("ches")) return kind.substr(0, kind.size() - 2);
  return kind.ends_with("s") ? kind.substr(0, kind.size() - 1) : kind;
}

void print_parameter(const Parameter& parameter) {
  fmt::print("  {:<16} {}\n", parameter.name, parameter.summary);
  fmt::print("  {:<16} {}; default {}\n", "", accepted(parameter),
             to_text(parameter, parameter.fallback));
}

void print_entry(const CatalogueEntry& entry) {
  const Declaration& declaration = entry.declaration;
  fmt::print("{} ({})\n  {}\n", declaration.name, singular(entry.kind), declaration.summary);
  if (!declaration.source.empty()) fmt::print("  Source: {}\n", declaration.source);
  if (declaration.plugin)
    fmt::print("  Plugin: {} (digest {})\n", declaration.plugin->file, declaration.plugin->digest);
  for (const auto& [heading, fact] : entry.facts) fmt::print("  {}: {}\n", heading, fact);
  if (!declaration.aliases.empty())
    fmt::print("  Also called: {}\n", fmt::join(declaration.aliases, ", "));
  fmt::print("{}\n", declaration.parameters.empty() ? "No parameters." : "Parameters:");
  for (const Parameter& parameter : declaration.parameters) print_parameter(parameter);
}

void offer_describe(VerbOptions& verb, Options& typed) {
  verb.text("NAME", typed.argument, "Any name that byzsim list shows");
}

int describe(const Options& options) {
  std::vector<std::string> names;
  bool found = false;
  for (const CatalogueEntry& entry : catalogue()) {
    const Declaration& declaration = entry.declaration;
    names.push_back(declaration.name);
    const bool alias = std::find(declaration.aliases.begin(), declaration.aliases.end(),
                                 options.argument) != declaration.aliases.end();
    if (declaration.name != options.argument && !alias) continue;
    if (found) fmt::print("\n");  // `constant` is both a rate and a delay
    print_entry(entry);
    found = true;
  }
  if (!found)
    throw InputError(
        {options.argument, "is not in byzsim list", choose_from(options.argument, names)});
  return kDone;
}

}  // namespace

Verb describe_verb() {
  return {"describe", "Explain one strategy and its parameters",
          "  byzsim describe mda\n  byzsim describe a_little_is_enough", offer_describe, describe};
}

}  // namespace byzsim
