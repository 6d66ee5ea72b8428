// Look-ups of decisions. A run asks for one at every send and every message, so that entries are
// found by binary search and only the few moves in turn.

#include "sim/scenario/script.h"

#include <algorithm>
#include <tuple>

#include "core/check.h"
#include "sim/world/node_set.h"

namespace byzsim {
namespace {

auto key_of(const ScriptedDelivery& each) {
  return std::tuple(each.key, each.sender, each.receiver, each.twin, each.repeat);
}

// Forgeries of one send have the same.
auto send_of(const Forgery& each) {
  return std::tuple(each.key, each.sender, each.twin, each.repeat);
}

}  // namespace

void put_in_order(Script& script) {
  for (Move& move : script.moves)
    for (auto* half : {&move.first_halves.servers, &move.first_halves.workers})
      if (*half) std::sort((*half)->begin(), (*half)->end());
  // Stable, although checks refuse two equal ones: what is unchecked keeps the order it has.
  std::stable_sort(script.moves.begin(), script.moves.end(),
                   [](const Move& a, const Move& b) { return a.step < b.step; });
  std::stable_sort(
      script.deliveries.begin(), script.deliveries.end(),
      [](const ScriptedDelivery& a, const ScriptedDelivery& b) { return key_of(a) < key_of(b); });
  std::stable_sort(
      script.forgeries.begin(), script.forgeries.end(), [](const Forgery& a, const Forgery& b) {
        return std::tuple(send_of(a), a.receivers) < std::tuple(send_of(b), b.receivers);
      });
}

const Choice* in_force(const Script& script, std::int64_t step, std::optional<Choice> Move::*kind) {
  for (auto move = script.moves.rbegin(); move != script.moves.rend(); ++move)
    if (move->step <= step && (*move).*kind) return &*((*move).*kind);
  return nullptr;
}

const std::vector<std::int64_t>* first_half_at(const Script& script, std::int64_t step, Role role) {
  // From the latest: a move leaves unchanged what it does not name.
  for (auto move = script.moves.rbegin(); move != script.moves.rend(); ++move) {
    const auto& half =
        role == Role::server ? move->first_halves.servers : move->first_halves.workers;
    if (move->step <= step && half) return &*half;
  }
  return nullptr;
}

const ScriptedDelivery* delivery_in(const Script& script, const Message& message, NodeId receiver) {
  const std::tuple key(MessageKey{message.step, message.phase, message.round}, message.sender,
                       receiver, message.twin, message.repeat);
  const auto found = std::lower_bound(
      script.deliveries.begin(), script.deliveries.end(), key,
      [](const ScriptedDelivery& each, const auto& sought) { return key_of(each) < sought; });
  return found == script.deliveries.end() || key_of(*found) != key ? nullptr : &*found;
}

const Forgery* forgery_in(const Script& script, NodeId sender, const MessageKey& key, int twin,
                          std::int64_t repeat, NodeId receiver) {
  const std::tuple send(key, sender, twin, repeat);
  auto forgery = std::lower_bound(
      script.forgeries.begin(), script.forgeries.end(), send,
      [](const Forgery& each, const auto& sought) { return send_of(each) < sought; });
  // Receivers are sets, not keys: the forgeries of one send are tried in turn.
  for (; forgery != script.forgeries.end() && send_of(*forgery) == send; ++forgery) {
    const auto receivers = parse_node_set(forgery->receivers);
    BYZ_CHECK(receivers.has_value(), "the receivers of a forgery were checked to be a set");
    if (receivers->contains(receiver)) return &*forgery;
  }
  return nullptr;
}

}  // namespace byzsim
