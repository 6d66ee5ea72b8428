#include "sim/nodes/worker_answers.h"

#include <algorithm>
#include <span>
#include <utility>

#include "core/check.h"
#include "core/compressors/compressor.h"
#include "core/worker_algorithms/worker_algorithm.h"
#include "sim/nodes/inbox.h"
#include "sim/scenario/compression_checks.h"
#include "sim/world/draw_names.h"

namespace byzsim {
namespace {

const WorkerAlgorithm& algorithm_of(const Workload& workload) {
  return worker_algorithms().at(workload.scenario().algorithm.name);
}

AlgorithmStep algorithm_step(const Workload& workload, std::int64_t step, bool first) {
  const Scenario& scenario = workload.scenario();
  const Parameters& parameters = scenario.algorithm.parameters;
  // Of everybody; a compressor whose coins are shared draws under the phase of gradients.
  Stream stream(scenario.seed, Purpose::compression, 0, draw_counter({step, Phase::model, 0}));
  const double variance =
      scenario.compresses()
          ? compression_variance(scenario.compressor, workload.dimension()).value_or(0)
          : 0;
  return {parameters, first, stream.uniform() < coin_probability(parameters), variance};
}

// How many batches' gradients a worker takes in a step.
std::int64_t batches_of(const Workload& workload, NodeId worker, const AlgorithmStep& step) {
  const WorkerAlgorithm& algorithm = algorithm_of(workload);
  const std::int64_t batches = algorithm.batches(step);
  if (!algorithm.takes_gradient(step)) return batches;
  if (!takes_all_examples(step.parameters)) return batches + 1;
  const auto examples = static_cast<std::int64_t>(workload.examples_claimed_by(worker.index));
  const std::int64_t batch = workload.scenario().batch_size;
  return batches + (examples + batch - 1) / batch;
}

// One step of a worker, by value for the thread that makes it.
struct Answering {
  SharedWorkload workload;
  NodeId worker;
  MessageKey key;
  std::int64_t batch;
  Payload point, point_before, gradient, kept;
  bool compresses;

  std::vector<float> gradient_of_batch(const Payload& at) const {
    return workload->gradient(worker.index, batch, at.values());
  }
  void send(std::span<const float> wanted, std::span<float> message) const {
    if (!compresses) {
      std::copy(wanted.begin(), wanted.end(), message.begin());
      return;
    }
    const Scenario& scenario = workload->scenario();
    const Executor this_thread(1);
    compress(
        scenario.compressor, wanted,
        compression_stream(scenario.compressor, scenario.seed, worker.index, draw_counter(key)),
        this_thread, message.data());
  }
  // What was wanted, the message, then the vectors that the algorithm keeps.
  std::vector<float> answer() const {
    const WorkerAlgorithm& algorithm = algorithm_of(*workload);
    const std::size_t d = workload->dimension();
    std::vector<float> all((2 + algorithm.state_vectors) * d);
    if (kept) std::copy(kept.values().begin(), kept.values().end(), all.begin());
    const std::span<float> wanted(all.data(), d), message(all.data() + d, d);
    std::vector<std::span<float>> state;
    for (std::size_t i = 2; i < 2 + algorithm.state_vectors; ++i)
      state.push_back(std::span(all).subspan(i * d, d));
    const WorkerStep input{algorithm_step(*workload, key.step, !point_before),
                           [&] { return gradient.values(); },
                           [&] { return gradient_of_batch(point); },
                           [&] { return gradient_of_batch(point_before); }, state};
    const std::vector<float> made = algorithm.wanted(input);
    std::copy(made.begin(), made.end(), wanted.begin());
    send(wanted, message);
    if (algorithm.sent != nullptr) algorithm.sent(input, message);
    return all;
  }
};

Payload part_of(const Payload& all, std::size_t part, std::size_t dimension) {
  return Payload::deferred(dimension, [all, part, dimension] {
    const auto begin = all.values().begin() + static_cast<std::ptrdiff_t>(part * dimension);
    return std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(dimension));
  });
}

// Of a worker that sends its gradient.
WorkerAnswer plain_answer(const SharedWorkload& workload, NodeId worker, const MessageKey& key,
                          const Payload& point, Training& training, Contribution sent) {
  const Payload gradient = gradient_at(workload, worker.index, key.step, point, training, sent);
  return {gradient, compressed(workload, worker, key, gradient), training.steps};
}

}  // namespace

WorkerAnswer answer_at(const SharedWorkload& workload, NodeId worker, const MessageKey& key,
                       const Payload& point, Training& training, AlgorithmMemory& memory,
                       Contribution sent) {
  if (!follows_algorithm(workload->scenario()))
    return plain_answer(workload, worker, key, point, training, sent);
  const WorkerAlgorithm& algorithm = algorithm_of(*workload);
  const AlgorithmStep named = algorithm_step(*workload, key.step, !memory.point);
  const bool compresses = workload->scenario().compresses() && !algorithm.dense(named);
  const std::int64_t batch = training.batches;
  Payload gradient;
  if (algorithm.takes_gradient(named))
    gradient =
        gradient_at(workload, worker.index, key.step, point, training, Contribution::gradients,
                    takes_all_examples(named.parameters) ? Drawn::whole_share : Drawn::batch);
  training.batches = batch + 1;
  training.steps = 1;
  const std::int64_t batches = batches_of(*workload, worker, named);
  const std::size_t d = workload->dimension();
  const Payload point_before = std::exchange(memory.point, point);
  if (!workload->has_numbers())
    return {Payload::blank(d), compresses ? Payload::blank(d) : Payload(), batches};
  for (const Payload* each :
       {&point, &point_before, &std::as_const(gradient), &std::as_const(memory.kept)})
    begin_computing(*each);
  const Answering answering{workload,     worker,   key,         batch,     point,
                            point_before, gradient, memory.kept, compresses};
  memory.kept = Payload::launch(workload->executor(), (2 + algorithm.state_vectors) * d,
                                [answering] { return answering.answer(); });
  return {part_of(memory.kept, 0, d), compresses ? part_of(memory.kept, 1, d) : Payload(), batches};
}

std::vector<Payload> mirrored(const SharedWorkload& workload, const std::vector<Heard>& heard,
                              std::int64_t step, const Payload& aggregate,
                              std::map<std::uint32_t, Payload>& mirrors) {
  if (!follows_algorithm(workload->scenario()) || !workload->has_numbers() ||
      algorithm_of(*workload).mirror == nullptr)
    return vectors_of(heard);
  std::vector<Payload> vectors;
  begin_computing(aggregate);
  for (const Heard& each : heard) {
    BYZ_CHECK(each.vector.dimension() == workload->dimension(),
              "a message that a server mirrors has the model's dimension");
    Payload& mirror = mirrors[each.sender.index];
    begin_computing(mirror);
    begin_computing(each.vector);
    mirror = Payload::launch(
        workload->executor(), workload->dimension(),
        [workload, step, aggregate, message = each.vector, before = mirror] {
          std::vector<float> next =
              before ? before.values() : std::vector<float>(message.dimension());
          const std::span<const float> last =
              aggregate ? std::span<const float>(aggregate.values()) : std::span<const float>();
          algorithm_of(*workload).mirror(
              {algorithm_step(*workload, step, step == 0), message.values(), last}, next);
          return next;
        });
    vectors.push_back(mirror);
  }
  return vectors;
}

}  // namespace byzsim
