#include "sim/nodes/computations.h"

#include <span>

#include "core/check.h"
#include "core/compressors/compressor.h"
#include "sim/world/draw_names.h"

namespace byzsim {
namespace {

Payload deferred(const SharedWorkload& workload, std::function<std::vector<float>()> compute) {
  if (!workload->has_numbers()) return Payload::blank(workload->dimension());
  return Payload::deferred(workload->dimension(), std::move(compute),
                           workload->executor().spare_vectors());
}

Payload launched(const SharedWorkload& workload, std::function<std::vector<float>()> compute) {
  if (!workload->has_numbers()) return Payload::blank(workload->dimension());
  return Payload::launch(workload->executor(), workload->dimension(), std::move(compute));
}

// Every quorum that a node aggregates comes through here; an empty one, or one with a vector of
// another dimension, would be read out of bounds by a thread that knows nothing of its origin.
void check_quorum(const SharedWorkload& workload, const std::vector<Payload>& vectors) {
  BYZ_CHECK(!vectors.empty(), "a node aggregates at least one vector");
  for (const Payload& vector : vectors)
    BYZ_CHECK(vector.dimension() == workload->dimension(),
              "a vector in a quorum has the model's dimension");
}

Payload momentum_upon(const SharedWorkload& workload, const Payload& fresh,
                      const Payload& previous) {
  begin_computing(previous);
  return deferred(workload, [workload, fresh, previous] {
    return workload->momentum(previous, fresh.values());
  });
}

// Nesterov's direction is the momentum as if the same gradient came once more.
Payload look_ahead(const SharedWorkload& workload, const Payload& fresh, Payload& momentum) {
  momentum = momentum_upon(workload, fresh, momentum);
  return launched(workload, [workload, fresh, after = momentum] {
    return workload->momentum(after, fresh.values());
  });
}

// What a rule makes that remembers: the first values of the `all` that `aggregate` returns, which
// are the next memory.
Payload made_with_memory(const SharedWorkload& workload, std::size_t count, Occasion occasion,
                         Payload& memory,
                         const std::function<std::vector<float>(const Occasion&)>& aggregate) {
  if (memory) begin_computing(memory);
  occasion.memory = memory;
  const std::size_t dimension = workload->dimension();
  memory = Payload::launch(workload->executor(), count,
                           [aggregate, occasion] { return aggregate(occasion); });
  return Payload::deferred(dimension, [dimension, all = memory] {
    const auto end = all.values().begin() + static_cast<std::ptrdiff_t>(dimension);
    return std::vector<float>(all.values().begin(), end);
  });
}

// What `make` returns, once for all nodes that heard the same models.
template <class Make>
Payload shared(const SharedWorkload& workload, const std::vector<Payload>& models,
               const Occasion& occasion, const Make& make) {
  if (!workload->models_alone_decide()) return make();
  return workload->shared_aggregates().of(models, occasion.missing, make);
}

}  // namespace

void begin_computing(const Payload& payload) {
  if (payload.has_values()) payload.pending().help();
}

Payload point_of(const SharedWorkload& workload, const std::vector<Payload>& models,
                 const Occasion& occasion, Payload& memory) {
  check_quorum(workload, models);
  const std::size_t count = workload->made_of_models(memory, models.size());
  if (count > workload->dimension())
    return made_with_memory(workload, count, occasion, memory,
                            [workload, models](const Occasion& remembered) {
                              return workload->aggregate_models_here(models, remembered);
                            });
  return shared(workload, models, occasion, [&] {
    return deferred(workload, [workload, models, occasion] {
      // On one thread: the workers' gradients that ask for it already fill the others.
      return workload->aggregate_models_here(models, occasion);
    });
  });
}

Payload gradient_at(const SharedWorkload& workload, std::int64_t worker, std::int64_t step,
                    const Payload& point, Training& training, Contribution sent, Drawn drawn) {
  BYZ_CHECK(point.dimension() == workload->dimension(), "a gradient is taken at a model");
  training.steps = local_steps_of(*workload, worker, training.batches);
  const LocalRound round{worker, step, training.batches, training.steps};
  training.batches += training.steps;
  const auto trained = [workload, round, point, sent, drawn] {
    if (drawn == Drawn::whole_share) return workload->full_gradient(round.worker, point.values());
    return trained_from(*workload, round, point.values(), sent);
  };
  if (!workload->momentum_at_worker()) return launched(workload, trained);
  Payload& momentum = training.momentum;
  if (workload->scenario().nesterov)
    return look_ahead(workload, launched(workload, trained), momentum);
  // Without Nesterov nobody but the momentum needs the gradient: one task computes both.
  begin_computing(momentum);
  momentum = launched(workload, [workload, trained, before = momentum] {
    return workload->momentum(before, trained());
  });
  return momentum;
}

Payload compressed(const SharedWorkload& workload, NodeId worker, const MessageKey& key,
                   const Payload& vector) {
  if (!workload->scenario().compresses()) return {};
  // A forged vector may be of any dimension.
  if (!vector.has_values()) return vector;
  begin_computing(vector);
  return Payload::launch(workload->executor(), vector.dimension(), [workload, worker, key, vector] {
    const Scenario& scenario = workload->scenario();
    // Workers fill the threads already.
    const Executor this_thread(1);
    std::vector<float> read(vector.dimension());
    compress(
        scenario.compressor, std::span(vector.values()),
        compression_stream(scenario.compressor, scenario.seed, worker.index, draw_counter(key)),
        this_thread, read.data());
    return read;
  });
}

Payload aggregate_of(const SharedWorkload& workload, std::vector<Payload> gradients,
                     const Occasion& occasion, Payload& memory) {
  check_quorum(workload, gradients);
  begin_computing(occasion.previous);
  if (occasion.model) begin_computing(occasion.model);
  const std::size_t count = workload->made_of_gradients(memory, gradients.size());
  if (count > workload->dimension())
    return made_with_memory(workload, count, occasion, memory,
                            [workload, gradients](const Occasion& remembered) {
                              return workload->aggregate_gradients(gradients, remembered);
                            });
  return deferred(workload, [workload, gradients = std::move(gradients), occasion] {
    return workload->aggregate_gradients(gradients, occasion);
  });
}

Payload zero_of(const SharedWorkload& workload) {
  if (!workload->has_numbers()) return Payload::blank(workload->dimension());
  return Payload(std::vector<float>(workload->dimension()));
}

Payload running_mean(const SharedWorkload& workload, const Payload& mean, const Payload& last,
                     std::int64_t count) {
  BYZ_CHECK(mean ? count > 1 : count == 1, "the mean of a first vector is that vector");
  BYZ_CHECK(!mean || mean.dimension() == last.dimension(), "a mean is of vectors of one dimension");
  // The payload itself: no copy, and no rounding.
  if (!mean) return last;
  begin_computing(mean);
  return launched(workload, [mean, last, count] {
    // The incremental form holds one vector a buffer, however many gradients it is the mean of.
    std::vector<float> next = mean.values();
    for (std::size_t i = 0; i < next.size(); ++i)
      next[i] = static_cast<float>(next[i] + (double(last.values()[i]) - next[i]) / double(count));
    return next;
  });
}

Payload direction_of(const SharedWorkload& workload, const Payload& aggregate, Payload& momentum) {
  if (!workload->momentum_at_server()) return aggregate;
  if (workload->scenario().nesterov) return look_ahead(workload, aggregate, momentum);
  momentum = momentum_upon(workload, aggregate, momentum);
  return momentum;
}

Payload combined(const SharedWorkload& workload, const Payload& a, const Payload& b,
                 std::function<double(double, double)> combine) {
  BYZ_CHECK(a.dimension() == b.dimension(), "vectors that are combined have one dimension");
  begin_computing(a);
  begin_computing(b);
  return launched(workload, [a, b, combine = std::move(combine)] {
    std::vector<float> next = a.values();
    for (std::size_t i = 0; i < next.size(); ++i)
      next[i] = static_cast<float>(combine(double(next[i]), double(b.values()[i])));
    return next;
  });
}

Payload midway(const SharedWorkload& workload, const Payload& a, const Payload& b) {
  BYZ_CHECK(a.dimension() == b.dimension(), "a mean is one of vectors of a dimension");
  for (const Payload* each : {&a, &b}) begin_computing(*each);
  return launched(workload, [a, b] {
    std::vector<float> mean = a.values();
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] = static_cast<float>((double(mean[i]) + double(b.values()[i])) / 2);
    return mean;
  });
}

Payload tracked(const SharedWorkload& workload, const Payload& combined, const Payload& gradient,
                const Payload& before) {
  BYZ_CHECK(
      combined.dimension() == gradient.dimension() && gradient.dimension() == before.dimension(),
      "gradients and what follows them have one dimension");
  for (const Payload* each : {&combined, &gradient, &before}) begin_computing(*each);
  return launched(workload, [combined, gradient, before] {
    std::vector<float> next = combined.values();
    for (std::size_t i = 0; i < next.size(); ++i)
      // Rounded once.
      next[i] = static_cast<float>(double(next[i]) + gradient.values()[i] - before.values()[i]);
    return next;
  });
}

Payload descend(const SharedWorkload& workload, const Payload& model, const Payload& direction,
                std::int64_t step, double damping) {
  BYZ_CHECK(model.dimension() == direction.dimension(), "a model descends in its own space");
  BYZ_CHECK(damping >= 0 && damping <= 1, "damping shortens a step");
  begin_computing(model);
  return launched(workload, [workload, model, direction, step, damping] {
    return workload->descend(model, direction.values(), step, damping);
  });
}

Payload contract(const SharedWorkload& workload, const std::vector<Payload>& models,
                 const Occasion& occasion, Payload& memory) {
  check_quorum(workload, models);
  const std::size_t count = workload->made_of_models(memory, models.size());
  if (count > workload->dimension())
    return made_with_memory(workload, count, occasion, memory,
                            [workload, models](const Occasion& remembered) {
                              return workload->aggregate_models(models, remembered);
                            });
  return shared(workload, models, occasion, [&] {
    return launched(workload, [workload, models, occasion] {
      return workload->aggregate_models(models, occasion);
    });
  });
}

}  // namespace byzsim
