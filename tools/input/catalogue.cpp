#include "tools/input/catalogue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "adversaries/attacks/attack.h"
#include "adversaries/schedulers/scheduler.h"
#include "adversaries/search/search.h"
#include "core/compressors/compressor.h"
#include "core/datasets/augmentation.h"
#include "core/datasets/dataset.h"
#include "core/datasets/normalisation.h"
#include "core/graphs/placement.h"
#include "core/graphs/topology.h"
#include "core/input/issue.h"
#include "core/local_works/local_work.h"
#include "core/models/model.h"
#include "core/participations/participation.h"
#include "core/partitions/partition.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rates/rate.h"
#include "core/rules/rule.h"
#include "core/server_optimizers/server_optimizer.h"
#include "core/worker_algorithms/worker_algorithm.h"
#include "sim/network/delays/delay.h"
#include "sim/network/faults/fault.h"
#include "sim/observe/metrics.h"
#include "sim/protocols/protocol.h"
#include "sim/results/expectations.h"

namespace byzsim {

namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

// The setting in which bounds are shown as numbers: workers of the paper's experiments.
constexpr int kShownN = 20, kShownF = 6;

constexpr std::size_t kMostNear = 6;  // names in one remedy

Facts facts_of(const Rule& rule) {
  Facts facts = {{"Condition", to_string(rule.proven)}};
  if (rule.needs_own)
    facts.push_back({"Needs", rule.needs_losses
                                  ? "the receiver's own vector among those that it aggregates, and "
                                    "losses, which only runs compute"
                                  : "the receiver's own vector among those that it aggregates"});
  if (rule.needs_reference)
    facts.push_back(
        {"Needs", rule.needs_losses
                      ? "a server with examples of its own (/servers/root_examples), "
                        "whose losses only runs compute"
                      : "the receiver's own gradient: in runs of a server with examples "
                        "of its own (/servers/root_examples)"});
  if (!rule.cost.empty()) facts.push_back({"Cost", rule.cost});
  // A bound says something only where its condition holds.
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

Facts facts_of(const Compressor& entry) { return {{"Bytes", entry.size}, {"Error", entry.error}}; }

Facts facts_of(const WorkerAlgorithm& entry) {
  const auto vectors = [](std::size_t count, const std::string& of_each) {
    return count == 0 ? std::string("nothing")
                      : fmt::format("{} vector{}{}", count, count == 1 ? "" : "s", of_each);
  };
  return {{"Kept by a worker", vectors(entry.state_vectors, "")},
          {"Kept by the server", vectors(entry.mirror != nullptr ? 1 : 0, " of each worker")}};
}

Facts facts_of(const Attack& attack) {
  if (attack.per_receiver)
    return {{"Needs", "a protocol on a graph, where its receivers have neighbours"},
            {"Sees",
             "the vectors of the receiver and of its honest neighbours in the same step, as far as "
             "they have begun or sent them when it sends; of other honest nodes, too, where its "
             "formula has these and it knows more than the neighbourhood"}};
  if (!attack.uses_honest) return {{"Sees", "no other node's vector"}};
  return {{"Sees",
           "by default (knowledge omniscient, rushing off) the vectors that honest nodes of its "
           "kind have already begun or sent in the same step when it sends, which may be few; all "
           "of them with \"rushing\": \"all\", as in ByzFL's experiments"}};
}

bool holds(const std::string& text, const std::string& part) {
  const auto same = [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

template <class Entry>
Facts facts_of(const Entry&) {
  return {};
}

template <class Entry>
void add_table(std::vector<CatalogueEntry>& entries, const std::string& kind,
               const Table<Entry>& table) {
  for (const Entry& entry : table) entries.push_back({kind, entry.declaration, facts_of(entry)});
}

void add_declarations(std::vector<CatalogueEntry>& entries, const std::string& kind,
                      const std::vector<Declaration>& declarations) {
  for (const Declaration& each : declarations) entries.push_back({kind, each, {}});
}

void add_metrics(std::vector<CatalogueEntry>& entries, const std::string& place,
                 const std::vector<MetricDescription>& metrics) {
  for (const MetricDescription& metric : metrics) {
    CatalogueEntry entry{kMetrics, {metric.name, metric.summary, ""}, {{"Recorded as", place}}};
    if (!metric.unit.empty()) entry.facts.push_back({"Unit", metric.unit});
    entries.push_back(entry);
  }
}

}  // namespace

std::vector<CatalogueEntry> catalogue() {
  std::vector<CatalogueEntry> entries;
  add_table(entries, "protocols", protocols());
  add_table(entries, "rules", rules());
  add_table(entries, "pre-aggregators", pre_aggregators());
  add_table(entries, "compressors", compressors());
  add_table(entries, "attacks", attacks());
  add_table(entries, "schedulers", schedulers());
  add_table(entries, "searches", searches());
  add_table(entries, "models", models());
  add_table(entries, "data", datasets());
  add_declarations(entries, "normalisations", normalisations());
  add_declarations(entries, "augmentations", augmentations());
  add_table(entries, "partitions", partitions());
  add_table(entries, "participations", participations());
  add_table(entries, "local-works", local_works());
  add_table(entries, "worker-algorithms", worker_algorithms());
  add_table(entries, "topologies", topologies());
  add_table(entries, "placements", placements());
  add_table(entries, "rates", rates());
  add_table(entries, "server-optimizers", server_optimizers());
  add_table(entries, "delays", delays());
  add_table(entries, "faults", faults());
  add_metrics(entries, "a column of metrics.csv", metric_descriptions());
  add_metrics(entries, "a total of the run", total_descriptions());
  return entries;
}

const std::vector<ShippedKind>& shipped_kinds() {
  static const std::vector<ShippedKind> kinds = {{"scenarios", "byzsim run", shipped_scenarios()},
                                                 {"sweeps", "byzsim sweep run", shipped_sweeps()},
                                                 {"figures", "byzsim figures", shipped_figures()}};
  return kinds;
}

// "rules" -> "rule", "searches" -> "search"; "data" stays.
std::string singular(const std::string& kind) {
  if (kind.ends_with("ies")) return kind.substr(0, kind.size() - 3) + "y";
  if (kind.ends_with("ches")) return kind.substr(0, kind.size() - 2);
  return kind.ends_with("s") ? kind.substr(0, kind.size() - 1) : kind;
}

std::string summary_of(const ShippedFile& file) {
  return Json::parse(file.text).value("summary", "");
}

std::vector<std::string> catalogue_kinds() {
  std::vector<std::string> kinds;
  for (const CatalogueEntry& entry : catalogue())
    // Entries of a kind stand together (catalogue()).
    if (kinds.empty() || kinds.back() != entry.kind) kinds.push_back(entry.kind);
  for (const ShippedKind& shipped : shipped_kinds()) kinds.push_back(shipped.kind);
  return kinds;
}

std::string choose_near(const std::string& name, const std::vector<std::string>& names,
                        const std::string& all) {
  std::vector<std::string> near;
  for (const std::string& each : names)
    if (!name.empty() && holds(each, name) && near.size() < kMostNear)
      near.push_back("'" + each + "'");
  // A part of a name says more than a similar spelling: it comes first, and alone.
  if (near.empty())
    if (const std::string nearest = nearest_name(name, names); !nearest.empty())
      near.push_back("'" + nearest + "'");
  return near.empty() ? all : fmt::format("did you mean {}? {}", fmt::join(near, " or "), all);
}

}  // namespace byzsim
