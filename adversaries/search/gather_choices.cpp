#include "adversaries/search/gather_choices.h"

#include <algorithm>

#include "core/check.h"
#include "core/graphs/honest_part.h"
#include "core/input/units.h"
#include "sim/scenario/node_name.h"

namespace byzsim {
namespace {

constexpr std::int64_t kTooLate = 3600 * kSecond;

double binomial(std::int64_t n, std::int64_t k) {
  double count = k >= 0 && k <= n ? 1 : 0;
  // Every intermediate value is a binomial coefficient itself, so that the divisions are exact.
  for (std::int64_t i = 0; i < k && i < n; ++i) count = count * double(n - i) / double(i + 1);
  return count;
}

// The next subset of the same size in lexicographic order, as indices below `n`; false at the last.
bool next_subset(std::vector<std::uint32_t>& subset, std::uint32_t n) {
  const auto size = static_cast<std::uint32_t>(subset.size());
  for (std::uint32_t i = size; i-- > 0;) {
    if (subset[i] >= n - size + i) continue;
    for (std::uint32_t value = ++subset[i]; ++i < size;) subset[i] = ++value;
    return true;
  }
  return false;
}

// The same with every choice of a forged vector for each Byzantine server.
void add_with_forged(const std::vector<std::uint32_t>& senders, std::size_t byzantine,
                     const std::vector<float>& forged, std::vector<Hearing>& found) {
  std::vector<std::size_t> chosen(byzantine);
  while (true) {
    Hearing hearing{senders, {}};
    for (const std::size_t next : chosen) hearing.forged.push_back(forged[next]);
    found.push_back(std::move(hearing));
    std::size_t digit = 0;
    while (digit < byzantine && ++chosen[digit] == forged.size()) chosen[digit++] = 0;
    if (digit == byzantine) return;
  }
}

std::size_t byzantine_among(const Scenario& scenario, const std::vector<std::uint32_t>& senders) {
  return static_cast<std::size_t>(
      std::count_if(senders.begin(), senders.end(), [&](std::uint32_t sender) {
        return scenario.is_byzantine({Role::server, sender});
      }));
}

// Of servers: by the number of Byzantine ones in the quorum.
double count_of_quorums(const Scenario& scenario, std::size_t forged) {
  BYZ_CHECK(scenario.servers.quorum >= 1, "a receiver is in its own quorum");
  const std::int64_t byzantine = scenario.servers.byzantine.actual;
  const std::int64_t others = scenario.servers.correct() - 1;
  const std::int64_t heard = *scenario.servers.quorum - 1;
  double count = 0, vectors = 1;  // that so many Byzantine servers can send
  for (std::int64_t heard_byzantine = 0; heard_byzantine <= std::min(byzantine, heard);
       ++heard_byzantine, vectors *= double(forged))
    count +=
        binomial(byzantine, heard_byzantine) * binomial(others, heard - heard_byzantine) * vectors;
  return count;
}

std::vector<Hearing> hearings_in_quorums(const Scenario& scenario, std::uint32_t receiver,
                                         const std::vector<float>& forged) {
  BYZ_CHECK(scenario.servers.quorum >= 1 && *scenario.servers.quorum <= scenario.servers.count,
            "a quorum is not larger than its group");
  const auto others = static_cast<std::uint32_t>(scenario.servers.count - 1);
  std::vector<std::uint32_t> subset(static_cast<std::size_t>(*scenario.servers.quorum - 1));
  for (std::uint32_t i = 0; i < subset.size(); ++i) subset[i] = i;
  std::vector<Hearing> found;
  do {
    std::vector<std::uint32_t> senders = subset;
    // Subsets are of the other servers, counted without the receiver.
    for (std::uint32_t& sender : senders) sender += sender >= receiver;
    add_with_forged(senders, byzantine_among(scenario, senders), forged, found);
  } while (next_subset(subset, others));
  return found;
}

}  // namespace

double count_of_hearings(const GatherRules& rules, std::size_t forged) {
  if (rules.graph == nullptr) return count_of_quorums(rules.scenario, forged);
  const PlacedGraph& placed = rules.graph->placed();
  const std::size_t most = most_byzantine_neighbourhood(placed.graph, placed.honest).byzantine;
  double count = 1;
  for (std::size_t i = 0; i < most; ++i) count *= double(forged);
  return count;
}

std::vector<Hearing> hearings_of(const GatherRules& rules, std::uint32_t receiver,
                                 const std::vector<float>& forged) {
  BYZ_CHECK(!rules.scenario.is_byzantine({Role::server, receiver}), "an honest node receives");
  BYZ_CHECK(!forged.empty(), "a Byzantine node has a vector to send");
  if (rules.graph == nullptr) return hearings_in_quorums(rules.scenario, receiver, forged);
  const std::vector<std::uint32_t>& neighbours = rules.graph->neighbours(receiver);
  std::vector<Hearing> found;
  add_with_forged(neighbours, byzantine_among(rules.scenario, neighbours), forged, found);
  return found;
}

void add_to(Script& script, const GatherRules& rules, std::uint32_t receiver, std::int64_t step,
            const Hearing& hearing) {
  const NodeId hears{Role::server, receiver};
  const MessageKey key{step, Phase::gather, 0};
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < rules.scenario.servers.count; ++i) {
    if (i == receiver) continue;
    const NodeId sender{Role::server, i};
    const bool heard = std::binary_search(hearing.senders.begin(), hearing.senders.end(), i);
    // Every server has an entry: a delay left to the network could bring another vector in first.
    if (rules.graph == nullptr)
      script.deliveries.push_back({sender, hears, key, 0, heard ? 0 : kTooLate});
    if (!heard || !rules.scenario.is_byzantine(sender)) continue;
    Forgery forgery{sender, key, 0, name_of_node(rules.scenario, hears), {}, 0, {}};
    BYZ_CHECK(next < hearing.forged.size(), "every Byzantine sender in a quorum has its vector");
    forgery.vector = Payload(std::vector<float>{hearing.forged[next++]});
    script.forgeries.push_back(std::move(forgery));
  }
  BYZ_CHECK(next == hearing.forged.size(), "every vector in a quorum has its Byzantine sender");
}

}  // namespace byzsim
