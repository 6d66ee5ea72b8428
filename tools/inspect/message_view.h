// What is under way at a moment: from, to, what, and when it arrives; as a value, text and JSON.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "sim/world/node_set.h"
#include "tools/inspect/history.h"

namespace byzsim {

/// How far a message is on its way; without a price of the network it only travels.
enum class WayState {
  travels,
  is_serialized,    ///< at the sender
  crosses_cards,    ///< those of sender and receiver
  is_deserialized,  ///< at the receiver
};
template <>
struct Words<WayState> {
  static constexpr std::array<const char*, 4> all = {"travels", "is serialized", "crosses cards",
                                                     "is deserialized"};
};

struct MessageView {
  std::shared_ptr<const Message> message;  ///< never null
  NodeId to;
  SimTime sent;
  WayState state;
  std::optional<SimTime> arrives;  ///< at the receiver; absent before it has crossed the cards
  bool one_role = false;           ///< nodes are called nodes
};

/// The messages whose sender is one of `from` and whose receiver is one of `to`, in the order of
/// their arrival, those without one last.
std::vector<MessageView> messages_under_way(const Moment& moment, const NodeSet& from,
                                            const NodeSet& to);

/// A line each, in columns; of more than `most` the number of the others.
std::string messages_text(const std::vector<MessageView>& views, std::size_t most);
Json to_json(const MessageView& view);

/// The vector of a message, and of those that it carries on: norm, digest, first coordinates.
std::string vector_text(const Message& message, bool one_role);
Json vector_json(const Message& message, bool one_role);

}  // namespace byzsim
