#include "tools/inspect/node_notes.h"

#include <algorithm>

namespace byzsim {
namespace {

bool is_kept(Verdict verdict) {
  return verdict == Verdict::counted || verdict == Verdict::buffered;
}

UsedQuorum quorum_of(const Occurrence& occurrence, const Used& used) {
  UsedQuorum quorum{occurrence.number, occurrence.time, used.consume.phase, used.consume.step, {}};
  // The digest of the run holds those of the vectors, so that they are known by now.
  for (const Heard& heard : used.consume.heard)
    quorum.heard.emplace_back(heard.sender, heard.vector.digest());
  return quorum;
}

// What a quorum has taken, and whatever else of its phase comes too late for it.
void drop_used(NodeNotes& notes, Phase phase, std::int64_t step) {
  std::erase_if(notes.kept, [&](const KeptMessage& kept) {
    return kept.key.phase == phase && kept.key.step <= step;
  });
}

std::optional<MessageKey> first_awaited(const Simulation& simulation, const Machine& machine) {
  const std::vector<Awaited> all = simulation.awaited_by(machine);
  if (all.empty()) return std::nullopt;
  return MessageKey{all[0].step.value_or(-1), all[0].phase, all[0].round};
}

}  // namespace

const NodeNotes& AllNotes::of(NodeId node, int twin) const {
  static const NodeNotes nothing;
  const auto found = notes_.find({node, twin});
  return found == notes_.end() ? nothing : found->second;
}

void AllNotes::see(const Occurrence& occurrence, const Simulation& simulation) {
  if (occurrence.held_up || occurrence.kind() > EventKind::timer) return;
  const Machine machine{occurrence.target, occurrence.twin};
  NodeNotes& notes = notes_[{machine.id, machine.twin}];
  if (const Message* message = occurrence.message(); message && is_kept(*occurrence.verdict))
    notes.kept.push_back({occurrence.number,
                          occurrence.time,
                          message->sender,
                          {message->step, message->phase, message->round}});
  bool begun = false;
  for (const Deed& deed : occurrence.deeds) {
    // Sends of others that became due in this event are not the node's own deeds.
    if (const auto* used = std::get_if<Used>(&deed)) {
      notes.used = quorum_of(occurrence, *used);
      drop_used(notes, used->consume.phase, used->consume.step);
    } else if (const auto* adopted = std::get_if<Adopted>(&deed)) {
      notes.adopted = adopted->adopt;
      notes.adopted_in = occurrence.number;
    }
    begun = begun || std::holds_alternative<Begun>(deed);
  }
  // Requests and votes of steps that it has left wait for no quorum.
  const std::int64_t step = simulation.step_of(machine.id);
  if (machine.twin == 0)
    std::erase_if(notes.kept, [&](const KeptMessage& kept) { return kept.key.step < step; });
  std::optional<MessageKey> awaited = first_awaited(simulation, machine);
  if (begun || occurrence.computation() || awaited != notes.awaited) notes.since = occurrence.time;
  notes.awaited = awaited;
}

}  // namespace byzsim
