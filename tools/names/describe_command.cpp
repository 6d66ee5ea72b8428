// `byzsim describe`: what the tables know of a name, or a shipped file.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "core/input/issue.h"
#include "core/input/strategy_names.h"
#include "tools/input/catalogue.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/line/wrapped_text.h"
#include "tools/names/catalogue_json.h"

namespace byzsim {
namespace {

void print_behind(const std::string& margin, const std::string& text, std::size_t indent) {
  print_text("{:<{}}{}\n", margin, indent, wrapped(text, output_columns() - indent, indent));
}

void print_parameter(const Parameter& parameter) {
  constexpr std::size_t kIndent = 19;
  print_behind(fmt::format("  {:<16} ", parameter.name), parameter.summary, kIndent);
  print_behind(
      "",
      fmt::format("{}; default {}", accepted(parameter), to_text(parameter, parameter.fallback)),
      kIndent);
}

void print_heading(const std::string& name, const std::string& kind, const std::string& summary) {
  print_text("{} ({})\n", name, singular(kind));
  print_behind("", summary, 2);
}

void print_entry(const CatalogueEntry& entry) {
  const Declaration& declaration = entry.declaration;
  print_heading(declaration.name, entry.kind, declaration.summary);
  if (!declaration.source.empty()) print_behind("", "Source: " + declaration.source, 2);
  if (declaration.plugin)
    print_text("  Plugin: {} (digest {})\n", declaration.plugin->file, declaration.plugin->digest);
  for (const auto& [heading, fact] : entry.facts)
    print_behind("", fmt::format("{}: {}", heading, fact), 2);
  if (!declaration.aliases.empty())
    print_behind("", fmt::format("Aliases: {}", fmt::join(declaration.aliases, ", ")), 2);
  if (entry.kind == kMetrics) return;
  print_text("{}\n", declaration.parameters.empty() ? "No parameters." : "Parameters:");
  for (const Parameter& parameter : declaration.parameters) print_parameter(parameter);
}

// What a file holds is said best by the file, which is also where to begin one's own.
void print_file(const ShippedKind& kind, const ShippedFile& file) {
  print_heading(file.name, kind.kind, summary_of(file));
  print_text("  Run with: {} {}\nThe file:\n{}", kind.use, file.name, file.text);
}

// The entries of that name; where there is none, those that a part of a name stands for.
std::vector<CatalogueEntry> entries_called(const std::string& name) {
  std::vector<CatalogueEntry> found;
  std::map<std::string, std::vector<Declaration>> kinds;
  for (const CatalogueEntry& entry : catalogue()) {
    if (is_called(entry.declaration, name)) found.push_back(entry);
    kinds[entry.kind].push_back(entry.declaration);
  }
  // A whole name is never taken for a part of others.
  if (!found.empty()) return found;
  for (const CatalogueEntry& entry : catalogue())
    if (const Declaration* meant = find_called(kinds[entry.kind], name);
        meant != nullptr && meant->name == entry.declaration.name)
      found.push_back(entry);
  return found;
}

[[noreturn]] void refuse_name(const std::string& name) {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : catalogue()) {
    names.push_back(entry.declaration.name);
    // A misspelt alias is nearest to itself, not to the name that it stands for.
    const auto& aliases = entry.declaration.aliases;
    names.insert(names.end(), aliases.begin(), aliases.end());
  }
  for (const ShippedKind& kind : shipped_kinds())
    for (const ShippedFile& file : kind.files) names.push_back(file.name);
  throw InputError(
      {"", "unknown name '" + name + "'", choose_near(name, names, "byzsim list shows all")});
}

std::vector<std::string> names_to_describe() {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : catalogue()) names.push_back(entry.declaration.name);
  for (const ShippedKind& kind : shipped_kinds())
    for (const ShippedFile& file : kind.files) names.push_back(file.name);
  return names;
}

struct DescribeOptions {
  std::string name;  // empty: none
  bool json = false;
};

void offer_describe(CommandOptions& options, DescribeOptions& own) {
  options.text("[NAME]", own.name, "Any name in byzsim list; with --json all if absent");
  options.complete("NAME", names_to_describe);
  options.flag("--json", own.json, "Print a list with a JSON object for each meaning of the name");
}

void describe_as_json(const std::string& name) {
  Json list = Json::array();
  for (const CatalogueEntry& entry : catalogue())
    if (name.empty() || is_called(entry.declaration, name)) list.push_back(to_json(entry));
  for (const ShippedKind& kind : shipped_kinds())
    for (const ShippedFile& file : kind.files)
      if (name.empty() || file.name == name) list.push_back(to_json(kind, file));
  // Programs ask for exact names: parts of one are for people.
  if (list.empty()) refuse_name(name);
  print_text("{}\n", list.dump(2));
}

void describe_as_text(const std::string& name) {
  bool found = false;
  const auto separate = [&found] {  // `constant` is both a rate and a delay
    if (found) print_text("\n");
    found = true;
  };
  for (const CatalogueEntry& entry : entries_called(name)) {
    separate();
    print_entry(entry);
  }
  for (const ShippedKind& kind : shipped_kinds())
    for (const ShippedFile& file : kind.files) {
      if (file.name != name) continue;
      separate();
      print_file(kind, file);
    }
  if (!found) refuse_name(name);
}

int describe(const DescribeOptions& own, const CommonOptions&) {
  if (own.json)
    describe_as_json(own.name);
  else if (own.name.empty())
    throw InputError(
        {"", "missing argument NAME", "byzsim describe --help shows how; byzsim list shows all"});
  else
    describe_as_text(own.name);
  return kDone;
}

}  // namespace

Command describe_command() {
  return command("describe", "Describe a strategy with its parameters, or a shipped file",
                 "  byzsim describe mda\n  byzsim describe mda --json", offer_describe, describe);
}

}  // namespace byzsim
