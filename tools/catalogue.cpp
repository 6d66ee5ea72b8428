#include "tools/catalogue.h"

#include <fmt/format.h>

#include "adversaries/attack.h"
#include "adversaries/scheduler.h"
#include "adversaries/search.h"
#include "core/dataset.h"
#include "core/model.h"
#include "core/partition.h"
#include "core/pre_aggregator.h"
#include "core/rate.h"
#include "core/rule.h"
#include "sim/network/delay.h"
#include "sim/network/fault.h"
#include "sim/protocol.h"

namespace byzsim {

namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

// The setting in which bounds are shown as numbers: workers of the paper's experiments.
constexpr int kShownN = 20, kShownF = 6;

Facts facts_of(const Rule& rule) {
  Facts facts = {{"Condition", to_string(rule.proven)}};
  if (!rule.cost.empty()) facts.push_back({"Cost", rule.cost});
  if (rule.variance_bound != nullptr && rule.proven.holds(kShownN, kShownF))
    facts.push_back({"Variance-to-norm bound",
                     fmt::format("{:.4g} at n = {}, f = {}", rule.variance_bound(kShownN, kShownF),
                                 kShownN, kShownF)});
  return facts;
}

Facts facts_of(const PreAggregator& entry) {
  Facts facts = {{"Condition", to_string(entry.computable)}};
  if (!entry.cost.empty()) facts.push_back({"Cost", entry.cost});
  return facts;
}

template <class Entry>
Facts facts_of(const Entry&) {
  return {};
}

template <class Entry>
void add(std::vector<CatalogueEntry>& entries, const std::string& kind, const Table<Entry>& table) {
  for (const Entry& entry : table) entries.push_back({kind, entry.declaration, facts_of(entry)});
}

}  // namespace

std::vector<CatalogueEntry> catalogue() {
  std::vector<CatalogueEntry> entries;
  add(entries, "protocols", protocols());
  add(entries, "rules", rules());
  add(entries, "pre-aggregators", pre_aggregators());
  add(entries, "attacks", attacks());
  add(entries, "schedulers", schedulers());
  add(entries, "searches", searches());
  add(entries, "models", models());
  add(entries, "data", datasets());
  add(entries, "partitions", partitions());
  add(entries, "rates", rates());
  add(entries, "delays", delays());
  add(entries, "faults", faults());
  return entries;
}

std::vector<std::string> catalogue_kinds() {
  std::vector<std::string> kinds;
  for (const CatalogueEntry& entry : catalogue())
    if (kinds.empty() || kinds.back() != entry.kind) kinds.push_back(entry.kind);
  kinds.push_back("scenarios");
  kinds.push_back("sweeps");
  kinds.push_back("figures");
  return kinds;
}

}  // namespace byzsim
