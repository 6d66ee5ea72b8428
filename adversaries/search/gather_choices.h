// Everything that a network and Byzantine servers can do to one receiver in one gather. Only which
// vectors are received first matters, so delivery orders are quorums; and what one receiver gets
// changes nothing for another, so each can be chosen by itself.
//
// This is the delivering configuration of one gather (El-Mhamdi et al., PODC 2020, as we understand
// it), with the values of the Byzantine servers in it.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/scenario/scenario.h"

namespace byzsim {

/// The quorum of an honest server beside its own model.
struct Hearing {
  std::vector<std::uint32_t> senders;  ///< other servers, ascending, q - 1 of them
  std::vector<float> forged;           ///< of the Byzantine ones among them, in their order
};

/// How many a receiver has with that many values to send; infinite if more than a double can count.
double count_of_hearings(const Scenario& scenario, std::size_t forged);

/// All of a receiver, an honest server: every quorum with its own model in it, and in each place of
/// a Byzantine server every one of `forged`, of which there is at least one.
std::vector<Hearing> hearings_of(const Scenario& scenario, std::uint32_t receiver,
                                 const std::vector<float>& forged);

/// Adds the decisions that cause it in the gather for the model of `step` of one parameter: what is
/// in the quorum travels in no time, everything else for an hour.
void add_to(Script& script, const Scenario& scenario, std::uint32_t receiver, std::int64_t step,
            const Hearing& hearing);

}  // namespace byzsim
