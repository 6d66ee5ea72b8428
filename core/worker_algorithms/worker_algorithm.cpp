#include "core/worker_algorithms/worker_algorithm.h"

#include <algorithm>

namespace byzsim {

namespace worker_algorithms_list {
std::vector<WorkerAlgorithm> all_worker_algorithms() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(WorkerAlgorithm, name),
#include "core/worker_algorithms/worker_algorithms.def"
#undef STRATEGY
  };
}
}  // namespace worker_algorithms_list

const Table<WorkerAlgorithm>& worker_algorithms() {
  static const Table<WorkerAlgorithm> table(worker_algorithms_list::all_worker_algorithms());
  return table;
}

Parameter gradients_parameter() {
  return word("gradients", {"full", "batch"},
              "where the formula takes a gradient of all examples of a worker: of all of them, or "
              "of a batch");
}

bool takes_all_examples(const Parameters& parameters) {
  const auto& values = parameters.values();
  return std::any_of(values.begin(), values.end(), [](const auto& each) {
    return each.first == "gradients" && each.second == Value(std::string("full"));
  });
}

Parameter coin_parameter(double fallback, const std::string& summary) {
  return real("p", fallback, 0, 1, summary);
}

double coin_probability(const Parameters& parameters) {
  for (const auto& [name, value] : parameters.values())
    if (name == "p") return parameters.real("p");
  return 0;
}

void add_message(bool first, std::span<const float> message, std::span<float> mirror) {
  for (std::size_t j = 0; j < mirror.size(); ++j)
    mirror[j] = first ? message[j] : static_cast<float>(double(mirror[j]) + double(message[j]));
}

}  // namespace byzsim
