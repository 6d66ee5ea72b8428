#include "sim/nodes/async_worker.h"

#include <utility>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {

Verdict AsyncWorker::accept(const Message& message) const {
  if (message.phase != Phase::model || message.vector.dimension() != workload_->dimension())
    return Verdict::malformed;
  // In lexicographic order: a model that is given once more at its step has a higher round.
  const std::pair given(step_, round_), heard(message.step, message.round);
  // The server gives no further model before it has the answer, so that what comes meanwhile is
  // a copy.
  if (heard == given || computing_) return Verdict::duplicate;
  return heard < given ? Verdict::stale : Verdict::counted;
}

std::size_t AsyncWorker::room_for(const Message& message) const {
  return std::pair(message.step, message.round) <= std::pair(step_, round_) ? 0 : kMostRoom;
}

Reaction AsyncWorker::on_message(const Message& message) {
  const Verdict verdict = accept(message);
  if (verdict != Verdict::counted) return {verdict, {}};
  step_ = message.step;
  round_ = message.round;
  WorkerAnswer answer = answer_at(workload_, id_, {step_, Phase::gradient, round_}, message.vector,
                                  training_, algorithm_memory_, sent_);
  gradient_ = std::move(answer.vector);
  compressed_ = std::move(answer.compressed);
  computing_ = true;
  return {verdict,
          {Consume{Phase::model, step_, {{message.sender, message.vector}}},
           Compute{.phase = Phase::gradient,
                   .step = step_,
                   .result = compressed_ ? compressed_ : gradient_,
                   .round = round_,
                   .batches = answer.batches}}};
}

std::vector<Awaited> AsyncWorker::awaits() const {
  if (computing_) return {};
  return {{Phase::model, {}, 0, 1, 0, {}}};
}

Actions AsyncWorker::on_computed() {
  BYZ_CHECK(computing_, "a computation that ends was begun");
  computing_ = false;
  // There is one server; it is named by its role like anywhere else.
  return {Send{.to = kAllServers,
               .phase = Phase::gradient,
               .step = step_,
               .vector = gradient_,
               .round = round_,
               .compressed = compressed_}};
}

void AsyncWorker::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(sent_), step_, round_,
              computing_, gradient_, compressed_, training_, algorithm_memory_);
}

}  // namespace byzsim
