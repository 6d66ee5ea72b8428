#include "sim/nodes/sync_worker.h"

#include <algorithm>

#include "core/check.h"
#include "core/input/archive.h"
#include "core/kernels/vector_kernels.h"
#include "core/rates/rate.h"
#include "sim/nodes/sync_filters.h"

namespace byzsim {
namespace {

double rate_at(const Workload& workload, std::int64_t step) {
  return learning_rate(workload.scenario().rate, step);
}

}  // namespace

Actions SyncWorker::begin_step() {
  attempt_ = 0;
  patient_ = true;
  pulled_.clear();
  if (step_ >= workload_->scenario().steps) return {};
  if (!pulls_all()) return pull_next();
  // As after the last single pull: what comes now is used unfiltered, by the median of all.
  attempt_ = servers();
  return {Send{.to = kAllServers, .phase = Phase::request, .step = step_},
          Timer{settings_.timeout, {TimerKind::answers, step_}}};
}

// Servers take turns, beginning with the worker's index so that they share the load.
Actions SyncWorker::pull_next() {
  const auto server =
      static_cast<std::uint32_t>((std::int64_t{id_.index} + step_ + attempt_) % servers());
  ++attempt_;
  return {Send{.to = just({Role::server, server}),
               .phase = Phase::request,
               .step = step_,
               .round = attempt_},
          Timer{settings_.timeout, {TimerKind::answer, step_, attempt_}}};
}

Reaction SyncWorker::on_message(const Message& message) {
  if (message.phase != Phase::model || message.vector.dimension() != workload_->dimension())
    return {Verdict::malformed, {}};
  if (message.step < step_) return {Verdict::stale, {}};
  // A server that answers twice counts once.
  if (message.step == step_ && place_of(message.sender, pulled_)) return {Verdict::duplicate, {}};
  if (computing_) return {Verdict::late, {}};
  Actions actions;
  if (message.step > step_) actions = join(message.step);
  if (step_ >= workload_->scenario().steps) return {Verdict::counted, {}};
  const Heard heard{message.sender, message.vector};
  pulled_.push_back(heard);
  const bool all_asked = attempt_ >= servers();
  if (!all_asked) append(actions, compute_at({heard}));
  // The median of all waits for every answer, or for the timer.
  else if (std::ssize(pulled_) == servers() || !patient_)
    append(actions, compute_at(pulled_));
  return {Verdict::counted, std::move(actions)};
}

// A server that is ahead takes the worker along. What others sent of a step before counts no more,
// and where a step needs the models of all, those have yet to be asked for this one.
Actions SyncWorker::join(std::int64_t step) {
  step_ = step;
  if (pulls_all()) return begin_step();
  pulled_.clear();
  patient_ = true;
  attempt_ = 1;  // as if this server had been asked first
  return {};
}

std::size_t SyncWorker::room_for(const Message& message) const {
  return message.step < step_ ? 0 : kMostRoom;
}

std::vector<Awaited> SyncWorker::awaits() const {
  if (computing_ || step_ >= workload_->scenario().steps) return {};
  // Models that were pulled one by one before were rejected.
  if (attempt_ < servers() || !patient_) return {{Phase::model, step_, 0, 1, 0, {}}};
  const auto all = static_cast<std::size_t>(servers());
  return {{Phase::model, step_, 0, all, pulled_.size(), pulled_}};
}

// No answer in time: the next server, or whatever all of them have sent, or will send first.
Actions SyncWorker::on_timer(const TimerName& name) {
  if (computing_ || name.step != step_) return {};
  if (name.kind == TimerKind::answer) {
    // Of a pull that was answered, and rejected, meanwhile.
    if (name.number != attempt_) return {};
    if (attempt_ < servers()) return pull_next();
  }
  patient_ = false;
  return pulled_.empty() ? Actions{} : compute_at(pulled_);
}

Actions SyncWorker::compute_at(std::vector<Heard> heard) {
  computing_ = true;
  // As in every quorum, so that ties of the rule do not depend on who answered first.
  std::sort(heard.begin(), heard.end(),
            [](const Heard& a, const Heard& b) { return a.sender < b.sender; });
  const std::int64_t missing = servers() - static_cast<std::int64_t>(heard.size());
  Occasion occasion{id_, Phase::model, step_, Payload(), missing};
  occasion.senders = senders_of(heard);
  candidate_memory_ = model_memory_;
  candidate_ = heard.size() == 1
                   ? heard[0].vector
                   : point_of(workload_, vectors_of(heard), occasion, candidate_memory_);
  // On a copy: a candidate that is rejected must leave the momentum as it was.
  candidate_training_ = training_;
  candidate_gradient_ = gradient_at(workload_, id_.index, step_, candidate_, candidate_training_);
  training_.batches = candidate_training_.batches;
  return {Consume{Phase::model, step_, std::move(heard)},
          Compute{.phase = Phase::gradient,
                  .step = step_,
                  .result = candidate_gradient_,
                  .round = attempt_,
                  .batches = candidate_training_.steps}};
}

Actions SyncWorker::on_computed() {
  BYZ_CHECK(computing_, "a computation that ends was begun");
  computing_ = false;
  const bool from_all = attempt_ >= servers();
  if (from_all || !settings_.filters || !candidate_gradient_.has_values()) return accept();
  const bool fit = judged_fit();
  Actions actions = {Judge{fit, pulled_.back().sender}};
  append(actions, fit ? accept() : pull_next());
  return actions;
}

bool SyncWorker::judged_fit() {
  // Where the worker itself would be now, one step from the last accepted model.
  const Payload local = descend(workload_, point_, gradient_, step_ - 1);
  const double coefficient = lipschitz_coefficient(candidate_gradient_.values(), gradient_.values(),
                                                   distance(local.values(), point_.values()));
  const Group& group = workload_->scenario().servers;
  const double share = static_cast<double>(group.count - group.byzantine.declared) /
                       static_cast<double>(group.count);
  const bool lipschitz = within_latest(coefficients_, coefficient, share);
  const double norm_bound = settings_.bound_of_last_gather
                                ? rate_times_norm_
                                : rate_at(*workload_, step_) * norm(candidate_gradient_.values());
  const Group& workers = workload_->scenario().workers;
  const bool near = distance(local.values(), candidate_.values()) <
                    outlier_bound(norm_bound, settings_.gather_period, workers.count,
                                  workers.byzantine.declared, step_);
  return lipschitz && near;
}

Actions SyncWorker::accept() {
  const bool of_all = pulls_all();
  point_ = candidate_;
  gradient_ = candidate_gradient_;
  training_ = candidate_training_;
  model_memory_ = candidate_memory_;
  if (of_all && gradient_.has_values())
    rate_times_norm_ = rate_at(*workload_, step_) * norm(gradient_.values());
  Actions actions = {
      Send{.to = kAllServers, .phase = Phase::gradient, .step = step_, .vector = gradient_}};
  ++step_;
  append(actions, begin_step());
  return actions;
}

void SyncWorker::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(settings_), step_, attempt_,
              patient_, computing_, pulled_, candidate_, candidate_gradient_, candidate_memory_,
              candidate_training_, point_, gradient_, training_, model_memory_, rate_times_norm_,
              coefficients_);
}

}  // namespace byzsim
