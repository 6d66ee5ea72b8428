#include "sim/nodes/federated_client.h"

#include <utility>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {

Reaction FederatedClient::on_message(const Message& message) {
  if (message.phase != Phase::model || message.vector.dimension() != workload_->dimension())
    return {Verdict::malformed, {}};
  if (message.step == given_) return {Verdict::duplicate, {}};
  if (message.step < given_) return {Verdict::stale, {}};
  given_ = message.step;
  Given given{message.step, message.sender, message.vector};
  if (!training_now_) return {Verdict::counted, begin(std::move(given))};
  next_ = std::move(given);
  return {Verdict::buffered, {}};
}

std::size_t FederatedClient::room_for(const Message& message) const {
  return message.step <= given_ ? 0 : kMostRoom;
}

Actions FederatedClient::begin(Given given) {
  step_ = given.step;
  training_now_ = true;
  result_ = gradient_at(workload_, id_.index, step_, given.model, training_, sent_);
  compressed_ = compressed(workload_, id_, {step_, Phase::gradient, 0}, result_);
  return {Consume{Phase::model, step_, {{given.server, given.model}}},
          Compute{.phase = Phase::gradient,
                  .step = step_,
                  .result = compressed_ ? compressed_ : result_,
                  .batches = training_.steps}};
}

Actions FederatedClient::on_computed() {
  BYZ_CHECK(training_now_, "a computation that ends was begun");
  training_now_ = false;
  Actions actions = {Send{.to = kAllServers,
                          .phase = Phase::gradient,
                          .step = step_,
                          .vector = result_,
                          .compressed = compressed_}};
  if (next_) {
    Given given = std::move(*next_);
    next_.reset();
    append(actions, begin(std::move(given)));
  }
  return actions;
}

std::vector<Awaited> FederatedClient::awaits() const {
  if (training_now_) return {};
  return {{Phase::model, {}, 0, 1, 0, {}}};
}

void FederatedClient::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(sent_), given_, step_,
              training_now_, next_, result_, compressed_, training_);
}

}  // namespace byzsim
