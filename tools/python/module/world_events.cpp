#include "tools/python/module/world_events.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/scenario/node_name.h"
#include "tools/python/module/models.h"

namespace byzsim::python {
namespace {

py::dict message_to_python(const Message& message, bool one_role) {
  py::dict told;
  told["sender"] = node_to_python(message.sender, one_role);
  told["phase"] = to_string(message.phase);
  told["step"] = message.step;
  told["round"] = message.round;
  told["vector"] = view_of(message.vector);
  return told;
}

struct DeedToPython {
  py::dict& told;
  bool one_role;
  void operator()(const Begun& deed) const {
    name("begun", deed.node);
    told["seconds"] = double(deed.span) * 1e-9;
  }
  void operator()(const Sent& deed) const {
    name("sent", deed.node);
    key(deed.key);
    told["vector"] = view_of(deed.vector);
  }
  void operator()(const Posted& deed) const {
    name("posted", deed.message->sender);
    told["receiver"] = node_to_python(deed.receiver, one_role);
    key({deed.message->step, deed.message->phase, deed.message->round});
    told["drawn"] = double(deed.drawn) * 1e-9;
    told["delay"] = double(deed.delay) * 1e-9;
    told["lost"] = deed.lost;
  }
  void operator()(const FaultActed& deed) const {
    told["what"] = "fault";
    told["fault"] = deed.fault;
  }
  void operator()(const Adopted& deed) const {
    name("adopted", deed.node);
    told["step"] = deed.adopt.step;
    told["model"] = view_of(deed.adopt.model);
  }
  void operator()(const Used& deed) const {
    name("quorum", deed.node);
    told["phase"] = to_string(deed.consume.phase);
    told["step"] = deed.consume.step;
    py::list senders;
    for (const Heard& heard : deed.consume.heard)
      senders.append(node_to_python(heard.sender, one_role));
    told["senders"] = senders;
  }
  void operator()(const AboutToGather& deed) const {
    name("gathering", deed.node);
    told["step"] = deed.gathering.step;
  }
  void operator()(const Judged& deed) const {
    name("judged", deed.node);
    told["sender"] = node_to_python(deed.judge.sender, one_role);
    told["accepted"] = deed.judge.accepted;
  }
  void name(const char* what, NodeId node) const {
    told["what"] = what;
    told["node"] = node_to_python(node, one_role);
  }
  void key(const MessageKey& key) const {
    told["phase"] = to_string(key.phase);
    told["step"] = key.step;
    told["round"] = key.round;
  }
};

// Without the vector, which may wait on disk until it arrives.
py::object key_to_python(const std::shared_ptr<const Message>* message, bool one_role) {
  if (message == nullptr) return py::none();
  py::dict told;
  told["sender"] = node_to_python((*message)->sender, one_role);
  told["phase"] = to_string((*message)->phase);
  told["step"] = (*message)->step;
  told["round"] = (*message)->round;
  return told;
}

py::dict planned_to_python(SimTime time, const Planned& planned, bool one_role) {
  py::dict told;
  told["time"] = double(time) * 1e-9;
  told["node"] = node_to_python(planned.target, one_role);
  told["kind"] = to_string(kind_of(planned.event));
  told["cause"] = planned.cause;
  told["message"] = key_to_python(message_in(planned.event), one_role);
  return told;
}

}  // namespace

py::object node_to_python(NodeId node, bool one_role) {
  return py::make_tuple(name_of_role(one_role, node.role), node.index);
}

py::dict event_to_python(const Occurrence& occurrence, bool one_role) {
  py::dict event;
  event["number"] = occurrence.number;
  event["time"] = double(occurrence.time) * 1e-9;
  event["node"] = node_to_python(occurrence.target, one_role);
  event["kind"] = to_string(occurrence.kind());
  event["cause"] = occurrence.cause;
  event["message"] = occurrence.message()
                         ? py::object(message_to_python(*occurrence.message(), one_role))
                         : py::none();
  event["verdict"] = occurrence.verdict ? py::object(py::str(to_string(*occurrence.verdict)))
                                        : py::object(py::none());
  py::list deeds;
  for (const Deed& deed : occurrence.deeds) {
    py::dict told;
    std::visit(DeedToPython{told, one_role}, deed);
    deeds.append(told);
  }
  event["deeds"] = deeds;
  return event;
}

py::list next_events(const Future& future, std::size_t most, bool one_role) {
  std::vector<std::pair<EventKey, const Planned*>> all;
  all.reserve(future.size());
  future.for_each(
      [&](const EventKey& key, const Planned& planned) { all.emplace_back(key, &planned); });
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::partial_sort(all.begin(), end, all.end(),
                    [](const auto& a, const auto& b) { return a.first < b.first; });
  py::list told;
  for (auto each = all.begin(); each != end; ++each)
    told.append(planned_to_python(each->first.time, *each->second, one_role));
  return told;
}

py::dict seen_to_python(const StepView& seen, bool one_role) {
  const auto vectors = [one_role](const std::vector<Heard>& all) {
    py::dict by_sender;
    for (const Heard& each : all)
      by_sender[node_to_python(each.sender, one_role)] = view_of(each.vector);
    return by_sender;
  };
  py::dict told;
  told["honest"] = vectors(seen.honest);
  told["byzantine"] = vectors(seen.corrupted);
  py::list sent;
  for (const NodeId node : seen.sent) sent.append(node_to_python(node, one_role));
  told["sent"] = sent;
  return told;
}

}  // namespace byzsim::python
