#include "sim/nodes/assignments.h"

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {

std::vector<NodeId> Assignments::workers() const {
  std::vector<NodeId> workers;
  for (std::int64_t i = 0; i < workers_; ++i)
    workers.push_back({Role::worker, static_cast<std::uint32_t>(i)});
  return workers;
}

Send Assignments::assign(NodeId worker, std::int64_t step, const Payload& model) {
  BYZ_CHECK(worker.role == Role::worker && worker.index < workers_,
            "a model is assigned to a worker of the server");
  Assignment& given = of_[worker.index];
  BYZ_CHECK(step >= given.step, "a worker is given no older model");
  // Where no update came in between the model is the same one: the round tells the two messages,
  // and the draws named after them, apart.
  const std::int64_t round = given.step == step ? given.round + 1 : 0;
  given = {step, round, false, model};
  return {.to = just(worker), .phase = Phase::model, .step = step, .vector = model, .round = round};
}

Verdict Assignments::accept(const Message& gradient) {
  if (gradient.sender.role != Role::worker || gradient.phase != Phase::gradient)
    return Verdict::malformed;
  BYZ_CHECK(gradient.sender.index < workers_, "a sender is a node of the run");
  const auto found = of_.find(gradient.sender.index);
  if (found == of_.end()) return Verdict::malformed;  // nobody asked it
  Assignment& given = found->second;
  if (gradient.vector.dimension() != given.model.dimension()) return Verdict::malformed;
  // A copy, or the second answer of twins, to a model that its worker has left.
  if (gradient.step != given.step || gradient.round != given.round) return Verdict::stale;
  if (given.answered) return Verdict::duplicate;
  given.answered = true;
  return Verdict::counted;
}

void Assignments::walk(Archive& archive) { archive.all(*this, unchanged(workers_), of_); }

}  // namespace byzsim
