#include "tools/inspect/message_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/exact/digest.h"
#include "core/input/units.h"
#include "sim/scenario/node_name.h"
#include "tools/inspect/model_view.h"
#include "tools/inspect/node_view.h"

namespace byzsim {
namespace {

constexpr std::size_t kFirstCoordinates = 8;

std::optional<MessageView> way_of(SimTime time, NodeId target, const Event& event) {
  if (const auto* delivery = std::get_if<Delivery>(&event))
    return MessageView{delivery->message, target, delivery->sent, WayState::travels, time};
  if (const auto* departure = std::get_if<Departure>(&event))
    return MessageView{departure->message, target, departure->sent, WayState::is_serialized, {}};
  if (const auto* arrival = std::get_if<Arrival>(&event))
    return MessageView{arrival->message, target, arrival->sent, WayState::travels, {}};
  return std::nullopt;
}

// With a price, a planned delivery is what the receiver's threads are at.
WayState state_with_price(const MessageView& view) {
  return view.arrives ? WayState::is_deserialized : view.state;
}

// Of any two: the time of arrival, then what identifies a message.
auto order_of(const MessageView& view) {
  const Message& message = *view.message;
  return std::tuple(!view.arrives, view.arrives.value_or(0), view.to, message.sender, message.step,
                    message.phase, message.round, message.repeat, view.sent);
}

std::string arrival_text(const MessageView& view) {
  if (!view.arrives) return to_string(view.state);
  return (view.state == WayState::is_deserialized ? "is deserialized, arrives at "
                                                  : "arrives at ") +
         format_duration(*view.arrives);
}

std::string values_text(const Payload& vector) {
  if (!vector) return "no vector";
  if (!vector.has_values()) return fmt::format("blank, dimension {}", vector.dimension());
  std::string text = fmt::format("norm {:.6g}, digest {}, dimension {}:", norm_of(vector),
                                 to_hex(vector.digest()), vector.dimension());
  const std::vector<float>& values = vector.values();
  for (std::size_t i = 0; i < std::min(values.size(), kFirstCoordinates); ++i)
    text += fmt::format(" {}", values[i]);
  return text + (values.size() > kFirstCoordinates ? " ..." : "");
}

Json values_json(const Payload& vector) {
  if (!vector) return nullptr;
  Json json = {{"dimension", vector.dimension()}};
  if (!vector.has_values()) return json;
  json["norm"] = finite_json(norm_of(vector));
  json["digest"] = to_hex(vector.digest());
  json["first"] = Json::array();
  const std::vector<float>& values = vector.values();
  for (std::size_t i = 0; i < std::min(values.size(), kFirstCoordinates); ++i)
    json["first"].push_back(finite_json(values[i]));
  return json;
}

}  // namespace

std::vector<MessageView> messages_under_way(const Moment& moment, const NodeSet& from,
                                            const NodeSet& to) {
  const Simulation& simulation = moment.simulation;
  const bool one_role = simulation.workload().scenario().one_role;
  const bool priced = simulation.network().has_price();
  std::vector<MessageView> views;
  const auto add = [&](MessageView view) {
    view.one_role = one_role;
    if (priced) view.state = state_with_price(view);
    if (from.contains(view.message->sender) && to.contains(view.to))
      views.push_back(std::move(view));
  };
  simulation.future().for_each([&](const EventKey& key, const Planned& planned) {
    if (auto view = way_of(key.time, planned.target, planned.event)) add(std::move(*view));
  });
  for (const auto& [number, flight] : simulation.network().flights())
    add({flight.message, flight.receiver, flight.sent, WayState::crosses_cards, {}});
  std::sort(views.begin(), views.end(),
            [](const MessageView& a, const MessageView& b) { return order_of(a) < order_of(b); });
  return views;
}

std::string messages_text(const std::vector<MessageView>& views, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(views.size(), most); ++i) {
    const MessageView& view = views[i];
    const Message& message = *view.message;
    text += fmt::format(
        "{} -> {}: {}, sent at {}, {}\n", name_of_node(view.one_role, message.sender),
        name_of_node(view.one_role, view.to), name_of(message.phase, message.step, message.round),
        format_duration(view.sent), arrival_text(view));
  }
  if (views.size() > most) text += fmt::format("... and {} more\n", views.size() - most);
  return text + fmt::format("{} message{} under way\n", views.size(), views.size() == 1 ? "" : "s");
}

Json to_json(const MessageView& view) {
  const Message& message = *view.message;
  return {{"from", name_of_node(view.one_role, message.sender)},
          {"to", name_of_node(view.one_role, view.to)},
          {"phase", to_string(message.phase)},
          {"step", message.step},
          {"round", message.round},
          {"sent_ns", view.sent},
          {"state", to_string(view.state)},
          {"arrives_ns", view.arrives ? Json(*view.arrives) : Json()}};
}

std::string vector_text(const Message& message, bool one_role) {
  std::string text = "  " + values_text(message.vector) + "\n";
  for (const Heard& heard : message.quorum)
    text += fmt::format("  carries on {}: {}\n", name_of_node(one_role, heard.sender),
                        values_text(heard.vector));
  return text;
}

Json vector_json(const Message& message, bool one_role) {
  Json json = {{"vector", values_json(message.vector)}};
  if (message.quorum.empty()) return json;
  json["carries"] = Json::array();
  for (const Heard& heard : message.quorum)
    json["carries"].push_back(
        {{"from", name_of_node(one_role, heard.sender)}, {"vector", values_json(heard.vector)}});
  return json;
}

}  // namespace byzsim
