#include "sim/nodes/neighbourhood.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace byzsim {
namespace {

// Those of the vectors that are there; what is missing of 1 is the own one's.
std::vector<double> weights_of_heard(const NodeGraph& graph, NodeId id,
                                     const std::vector<Heard>& heard) {
  const std::vector<double> row = weights_of(graph, id.index);
  const std::vector<std::uint32_t>& neighbours = graph.neighbours(id.index);
  std::vector<double> weights(heard.size());
  double missing = 0;
  std::size_t next = 0, own = heard.size();
  for (std::size_t i = 0; i < heard.size(); ++i) {
    if (heard[i].sender == id) {
      own = i;
      continue;
    }
    for (; neighbours[next] != heard[i].sender.index; ++next) missing += row[next + 1];
    weights[i] = row[++next];
  }
  for (; next < neighbours.size(); ++next) missing += row[next + 1];
  BYZ_CHECK(own < heard.size(), "a node combines its own vector, too");
  weights[own] = row.front() + missing;
  return weights;
}

// Rules that trust no own vector shorten and remove none by themselves. What a rule keeps of
// senders would have to be kept for the count, too.
bool may_count(const SharedWorkload& workload) {
  const Rule& rule = rules().at(workload->scenario().servers.aggregator.name);
  return workload->has_numbers() && rule.needs_own && rule.sender_vectors == 0;
}

// `faulty`: neighbours that are known to be, whose vectors are not there.
Combined combine(const SharedWorkload& workload, NodeId id, const MessageKey& key,
                 const std::vector<Heard>& heard, std::vector<double> weights, std::size_t faulty,
                 Payload& memory) {
  const std::optional<std::size_t> own = place_of(id, heard);
  BYZ_CHECK(own.has_value(), "a node combines its own vector, too");
  const Payload& mine = heard[*own].vector;
  const std::int64_t f = std::max<std::int64_t>(
      0, workload->graph_at(key.step - 1).tolerated(id.index) - static_cast<std::int64_t>(faulty));
  if (!can_combine(workload->scenario(), static_cast<std::int64_t>(heard.size()), f)) return {mine};
  Occasion occasion{id, key.phase, key.step, mine};
  occasion.round = key.round;
  occasion.own = own;
  occasion.senders = senders_of(heard);
  occasion.weights = std::move(weights);
  occasion.tolerated = f;
  std::vector<Payload> vectors = vectors_of(heard);
  Combined combined{contract(workload, vectors, occasion, memory)};
  if (may_count(workload))
    combined.count = [workload, vectors = std::move(vectors), occasion = std::move(occasion)] {
      return workload->counts_of_models(vectors, occasion);
    };
  return combined;
}

}  // namespace

Inbox inbox_of_neighbours(const Workload& workload, NodeId id, Phase phase, std::int64_t most) {
  std::vector<QuorumFrom> quorums;
  for (const auto& [step, graph] : workload.graphs().all()) {
    const std::int64_t sent = std::min(most, std::ssize(graph->neighbours(id.index)));
    // A node without neighbours waits for nobody, and an inbox has room for one.
    const auto quorum = static_cast<std::size_t>(std::max<std::int64_t>(1, sent));
    const std::int64_t tag = step - exchanged_in(phase, 0);
    if (quorums.empty() || quorums.back().quorum != quorum) quorums.push_back({tag, quorum});
  }
  return {std::move(quorums), workload.dimension()};
}

std::vector<Heard> with_own(std::vector<Heard> heard, Heard own) {
  const auto later = [&](const Heard& each) { return own.sender < each.sender; };
  const auto place = std::find_if(heard.begin(), heard.end(), later);
  heard.insert(place, std::move(own));
  return heard;
}

Combined combine_on_graph(const SharedWorkload& workload, NodeId id, const MessageKey& key,
                          const std::vector<Heard>& heard, Absent absent, Payload& memory) {
  const NodeGraph& graph = workload->graph_at(key.step - 1);
  // Of the neighbours and the node itself.
  const std::size_t missing = graph.neighbours(id.index).size() + 1 - heard.size();
  return combine(workload, id, key, heard, weights_of_heard(graph, id, heard),
                 absent == Absent::faulty ? missing : 0, memory);
}

Combined combine_equally(const SharedWorkload& workload, NodeId id, const MessageKey& key,
                         const std::vector<Heard>& heard, std::size_t expected, Payload& memory) {
  BYZ_CHECK(heard.size() <= expected, "a node combines no more vectors than it waits for");
  return combine(workload, id, key, heard, {}, expected - heard.size(), memory);
}

}  // namespace byzsim
