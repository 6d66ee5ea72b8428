// `byzsim score`: how well stored models predict the test set of a scenario.
#include <fmt/format.h>

#include "core/datasets/data_files.h"
#include "core/models/model_file.h"
#include "sim/observe/metrics.h"
#include "tools/input/scenario_options.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/line/shared_options.h"
#include "tools/run/replay.h"

namespace byzsim {
namespace {

struct ScoreOptions {
  std::vector<std::string> models;
  ScenarioOptions scenario;
  int threads = 1;
  bool json = false;
};

void offer_score(CommandOptions& options, ScoreOptions& own) {
  options.texts_then(
      "MODEL", own.models, "A model in a NumPy file, as byzsim run --models writes it", "SCENARIO",
      own.scenario.name,
      "The scenario that has the model and the test set: a file (also a run.json) or "
      "a shipped scenario");
  options.complete("SCENARIO", [] { return names_of(shipped_scenarios()); });
  offer_sets(options, own.scenario.sets);
  options.text("--seed N", own.scenario.seed, "Same as --set /seed=N");
  offer_threads(options, own.threads);
  options.flag("--json", own.json, "Print a JSON object for each model, with every digit");
}

Json score_json(const std::string& file, const Predictions& predictions) {
  const auto value = [](const std::optional<double>& number) {
    return number ? Json(*number) : Json(nullptr);
  };
  return {{"model", file},
          {"accuracy", value(predictions.accuracy)},
          {"loss", value(predictions.loss)}};
}

std::string score_text(const std::string& file, const Predictions& predictions) {
  return fmt::format(
      "{}: accuracy {}, loss {}", file,
      predictions.accuracy ? fmt::format("{:.2f} %", 100 * *predictions.accuracy) : "undefined",
      predictions.loss ? fmt::format("{:.4g}", *predictions.loss) : "undefined");
}

int score(const ScoreOptions& own, const CommonOptions& common) {
  const Scenario scenario = load_scenario(source_of(own.scenario, common));
  if (scenario.numbers == Numbers::none)
    throw InputError(
        {"/numbers", "a run without numbers has no model and no test set", "--set /numbers=real"});
  const Executor executor(own.threads);
  const auto workload = make_workload(scenario, executor);
  // Every file before the first line: a result is printed whole or not at all.
  std::vector<std::vector<float>> models(own.models.size());
  read_side_by_side(executor, models.size(), [&](std::size_t i) {
    models[i] = read_model_file(own.models[i], workload->dimension(), scenario.model.name);
  });
  std::vector<Evaluation> evaluations(models.size());
  executor.for_each(models.size(), [&](std::size_t i) {
    evaluations[i] = workload->model().evaluate(models[i], workload->dataset().test);
  });
  for (std::size_t i = 0; i < models.size(); ++i) {
    const Predictions predictions = predictions_of({evaluations[i]});
    print_text("{}\n", own.json ? score_json(own.models[i], predictions).dump()
                                : score_text(own.models[i], predictions));
  }
  return kDone;
}

}  // namespace

Command score_command() {
  return command("score", "Evaluate stored models on the test set of a scenario",
                 "  byzsim score DIR/models/server-0.npy quickstart\n"
                 "  byzsim score DIR/models/*.npy DIR/run.json --json",
                 offer_score, score);
}

}  // namespace byzsim
