// Everything that a network and Byzantine servers can do to one receiver in one gather. Only which
// vectors are received first matters, so delivery orders are quorums; and what one receiver gets
// changes nothing for another, so each can be chosen by itself. On a graph a node combines what all
// its neighbours send: only forged vectors are to be chosen.
//
// This is the delivering configuration of one gather (El-Mhamdi et al., PODC 2020, as we understand
// it), with the values of the Byzantine servers in it.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/scenario/node_graph.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Who gathers from whom: servers from quorums, or nodes from their neighbours on a graph.
struct GatherRules {
  const Scenario& scenario;
  const NodeGraph* graph;  ///< null: servers
};

/// What an honest receiver gathers beside its own model.
struct Hearing {
  std::vector<std::uint32_t> senders;  ///< ascending: q - 1 other servers, or all neighbours
  std::vector<float> forged;           ///< of the Byzantine ones among them, in their order
};

/// How many a receiver has with that many values to send, on a graph the one with the most;
/// infinite if more than a double can count.
double count_of_hearings(const GatherRules& rules, std::size_t forged);

/// All of a receiver, an honest one: every quorum with its own model in it, or its neighbours, and
/// in each place of a Byzantine sender every one of `forged`, of which there is at least one.
std::vector<Hearing> hearings_of(const GatherRules& rules, std::uint32_t receiver,
                                 const std::vector<float>& forged);

/// Adds the decisions that cause it in the gather for the model of `step` of one parameter. What is
/// in a quorum travels in no time, everything else for an hour; on a graph the network decides.
void add_to(Script& script, const GatherRules& rules, std::uint32_t receiver, std::int64_t step,
            const Hearing& hearing);

}  // namespace byzsim
