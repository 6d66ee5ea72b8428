// `byzsim list`: everything that a scenario or a command can name, with a sentence each.
#include <fmt/format.h>

#include <algorithm>

#include "core/input/issue.h"
#include "tools/input/catalogue.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/line/wrapped_text.h"

namespace byzsim {
namespace {

constexpr std::size_t kWidestNames = 40;  // longer ones push their sentence aside

struct Row {
  std::string name;
  std::string summary;
};

// The entries of a kind, or its shipped files.
std::vector<Row> rows_of(const std::string& kind) {
  std::vector<Row> rows;
  for (const CatalogueEntry& entry : catalogue())
    if (entry.kind == kind) rows.push_back({entry.declaration.name, entry.declaration.summary});
  for (const ShippedKind& shipped : shipped_kinds())
    if (shipped.kind == kind)
      for (const ShippedFile& file : shipped.files) rows.push_back({file.name, summary_of(file)});
  return rows;
}

// The names in a column as wide as the longest, each with its sentence behind it.
void print_kind(const std::string& kind) {
  const std::vector<Row> rows = rows_of(kind);
  // Short lists line up with each other.
  std::size_t width = 20;
  for (const Row& row : rows) width = std::clamp(row.name.size(), width, kWidestNames);
  print_text("{}\n", kind);
  const std::size_t indent = width + 4;
  for (const Row& row : rows)
    print_text("  {:<{}}  {}\n", row.name, width,
               wrapped(row.summary, output_columns() - indent, indent));
}

struct ListOptions {
  std::string kind;  // empty: all
};

void offer_list(CommandOptions& options, ListOptions& own) {
  options.text("[KIND]", own.kind, "Kind to list: rules, attacks, ... [default: all]");
  options.complete("KIND", catalogue_kinds);
}

int list(const ListOptions& own, const CommonOptions&) {
  const std::vector<std::string> kinds = catalogue_kinds();
  const std::string& wanted = own.kind;
  if (!wanted.empty() && std::find(kinds.begin(), kinds.end(), wanted) == kinds.end())
    throw InputError({"", "unknown kind '" + wanted + "'", choose_from(wanted, kinds)});
  for (const std::string& kind : kinds)
    if (wanted.empty() || kind == wanted) print_kind(kind);
  return kDone;
}

}  // namespace

Command list_command() {
  return command("list", "List strategies and shipped files",
                 "  byzsim list\n  byzsim list attacks", offer_list, list);
}

}  // namespace byzsim
