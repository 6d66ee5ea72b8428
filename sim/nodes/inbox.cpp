#include "sim/nodes/inbox.h"

#include <algorithm>

#include "core/check.h"

namespace byzsim {

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::counted:
      return "counted";
    case Verdict::buffered:
      return "buffered";
    case Verdict::late:
      return "late";
    case Verdict::stale:
      return "stale";
    case Verdict::duplicate:
      return "duplicate";
    case Verdict::malformed:
      return "malformed";
  }
  return "";
}

Verdict Inbox::accept(const Message& message, std::int64_t current) {
  if (message.vector.dimension() != dimension_) return Verdict::malformed;
  if (message.step < current) return Verdict::stale;
  if (message.step <= taken_) return Verdict::late;
  std::vector<Heard>& heard = heard_[message.step];
  const bool spoke = std::any_of(heard.begin(), heard.end(),
                                 [&](const Heard& each) { return each.sender == message.sender; });
  if (spoke) return Verdict::duplicate;
  if (heard.size() >= quorum_) return Verdict::late;
  heard.push_back({message.sender, message.vector});
  return message.step == current ? Verdict::counted : Verdict::buffered;
}

std::size_t Inbox::room_for(const Message& message, std::int64_t current) const {
  if (message.vector.dimension() != dimension_ || message.step < current || message.step <= taken_)
    return 0;
  const auto found = heard_.find(message.step);
  if (found == heard_.end()) return quorum_;
  if (place_of(message.sender, found->second)) return 0;
  return quorum_ - std::min(quorum_, found->second.size());
}

void Inbox::each_later(std::int64_t current, const PayloadVisit& visit) {
  for (auto step = heard_.upper_bound(current); step != heard_.end(); ++step)
    for (Heard& heard : step->second) visit(heard.vector);
}

bool Inbox::complete(std::int64_t step) const {
  const auto it = heard_.find(step);
  return it != heard_.end() && it->second.size() >= quorum_;
}

std::size_t Inbox::count(std::int64_t step) const {
  const auto it = heard_.find(step);
  return it == heard_.end() ? 0 : it->second.size();
}

std::vector<Heard> Inbox::take(std::int64_t step) {
  BYZ_CHECK(complete(step), "only a complete quorum can be taken");
  return take_what_is_there(step);
}

std::vector<Heard> Inbox::take_what_is_there(std::int64_t step) {
  std::vector<Heard> taken = std::move(heard_[step]);
  heard_.erase(heard_.begin(), heard_.upper_bound(step));
  taken_ = step;
  // Aggregation sees vectors by sender, not by arrival: ties go to the lowest index.
  std::sort(taken.begin(), taken.end(),
            [](const Heard& a, const Heard& b) { return a.sender < b.sender; });
  return taken;
}

std::vector<Payload> vectors_of(const std::vector<Heard>& heard) {
  std::vector<Payload> vectors;
  for (const Heard& each : heard) vectors.push_back(each.vector);
  return vectors;
}

std::optional<std::size_t> place_of(NodeId sender, const std::vector<Heard>& heard) {
  for (std::size_t i = 0; i < heard.size(); ++i)
    if (heard[i].sender == sender) return i;
  return std::nullopt;
}

}  // namespace byzsim
