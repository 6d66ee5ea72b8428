#include "tools/import/byzfl_clients.h"

#include <fmt/format.h>

#include <cmath>

namespace byzsim {

std::vector<ByzflClients> clients_of(const ByzflConfig& config, std::int64_t& removed,
                                     Issues& issues) {
  const std::string run = "/benchmark_config/";
  const bool within = config.flag(run + "set_honest_clients_as_clients");
  const bool declared = config.states(run + "tolerated_f");
  std::vector<ByzflClients> all;
  for (const std::int64_t count : config.integers(run + "nb_honest_clients"))
    for (const std::int64_t f : config.integers(run + "f"))
      for (const std::int64_t tolerated :
           declared ? config.integers(run + "tolerated_f") : std::vector<std::int64_t>{f}) {
        const ByzflClients clients{within ? count - f : count, f, tolerated};
        if (tolerated < f)
          ++removed;
        else if (clients.honest < 1)
          issues.push_back({run + "f",
                            fmt::format("{} of {} clients are Byzantine, and no "
                                        "one is honest",
                                        f, count),
                            "use a smaller f or more clients"});
        else
          all.push_back(clients);
      }
  if (all.empty() && issues.empty())
    issues.push_back({run + "tolerated_f", "every tolerated_f is less than every f",
                      "tolerate as many Byzantine clients as there are"});
  if (all.empty()) all.push_back({1, 0, 0});
  return all;
}

std::int64_t sampled_of(const ByzflChoice& algorithm, std::int64_t honest) {
  const double share = algorithm.parameters.real("proportion_selected_clients");
  return static_cast<std::int64_t>(std::floor(static_cast<double>(honest) * share));
}

}  // namespace byzsim
