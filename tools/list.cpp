#include <fmt/format.h>

#include <algorithm>

#include "core/issue.h"
#include "tools/catalogue.h"
#include "tools/verbs.h"

namespace byzsim {
namespace {

void print_row(const std::string& name, const std::string& summary) {
  fmt::print("  {:<22} {}\n", name, summary);
}

void print_shipped(const std::string& kind, const std::vector<ShippedFile>& files) {
  fmt::print("{}\n", kind);
  for (const ShippedFile& file : files)
    print_row(file.name, Json::parse(file.text).value("summary", ""));
}

void offer_list(VerbOptions& verb, Options& typed) {
  verb.text("[KIND]", typed.argument, "Only this kind");
}

int list(const Options& options) {
  const std::vector<std::string> kinds = catalogue_kinds();
  const std::string& wanted = options.argument;
  if (!wanted.empty() && std::find(kinds.begin(), kinds.end(), wanted) == kinds.end())
    throw InputError({wanted, "is no kind that can be listed", choose_from(wanted, kinds)});
  std::string heading;
  for (const CatalogueEntry& entry : catalogue()) {
    if (!wanted.empty() && entry.kind != wanted) continue;
    if (entry.kind != heading) fmt::print("{}\n", heading = entry.kind);
    print_row(entry.declaration.name, entry.declaration.summary);
  }
  if (wanted.empty() || wanted == "scenarios") print_shipped("scenarios", shipped_scenarios());
  if (wanted.empty() || wanted == "sweeps") print_shipped("sweeps", shipped_sweeps());
  if (wanted.empty() || wanted == "figures") print_shipped("figures", shipped_figures());
  return kDone;
}

}  // namespace

Verb list_verb() {
  return {"list", "List what scenarios can name", "  byzsim list\n  byzsim list attacks",
          offer_list, list};
}

}  // namespace byzsim
