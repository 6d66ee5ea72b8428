// `byzsim import byzfl`: what becomes of a configuration of ByzFL's benchmark.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "adversaries/known_strategies.h"
#include "sim/scenario/scenario_json.h"
#include "tests/places.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/import/byzfl_sweep.h"

namespace byzsim::process::import_test {
namespace {

// The file that ByzFL writes where there is none.
std::string default_file() {
  return read_file(fs::path(source_directory()) / "tests/tools/import/byzfl_default.json");
}

ImportedSweep imported(const Json& config) { return sweep_of(read_byzfl_config(config)); }

// The default with changes: JSON pointers and values.
Json changed(const Json& changes) {
  Json config = Json::parse(default_file());
  for (const auto& [pointer, value] : changes.items()) config[Json::json_pointer(pointer)] = value;
  return config;
}

ImportedSweep imported_with(const Json& changes) { return imported(changed(changes)); }

Json scenario_with(const Json& changes) { return imported_with(changes).sweep["scenario"]; }

std::string issues_with(const Json& changes) {
  try {
    imported_with(changes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

// The axis of that name, or the part of a zipped one.
Json axis_named(const ImportedSweep& of, const std::string& name) {
  for (const Json& axis : of.sweep.value("axes", Json::array()))
    for (const Json& line : axis.contains("zip") ? axis["zip"] : Json::array({axis}))
      if (line["name"] == name) return line;
  return nullptr;
}

bool has_note(const ImportedSweep& of, const std::string& beginning) {
  return std::any_of(of.notes.begin(), of.notes.end(),
                     [&](const std::string& note) { return note.starts_with(beginning); });
}

// A name of ByzFL's and the strategy here with the parameters that are written.
struct Counterpart {
  std::string theirs;
  Json ours;
};

const Json kSearch = {{"evaluations", 20}, {"start", 0.0}, {"delta", 10.0}, {"ratio", 0.8}};

const std::vector<Counterpart> kRules = {
    {"Average", {{"name", "average"}}},
    {"Median", {{"name", "median"}}},
    {"TrMean", {{"name", "trimmed_mean"}}},
    {"GeometricMedian",
     {{"name", "geometric_median"}, {"parameters", {{"nu", 0.1}, {"iterations", 3}}}}},
    {"Krum", {{"name", "krum"}, {"parameters", {{"neighbours", "n-f-1"}}}}},
    {"MultiKrum",
     {{"name", "multi_krum"}, {"parameters", {{"m", "n-f"}, {"neighbours", "n-f-1"}}}}},
    {"CenteredClipping",
     {{"name", "centered_clipping"}, {"parameters", {{"iterations", 1}, {"tau", 100.0}}}}},
    {"MDA", {{"name", "mda"}}},
    {"MoNNA", {{"name", "monna"}, {"parameters", {{"pivot", 0}}}}},
    {"Meamed", {{"name", "meamed"}}},
    {"CAF", {{"name", "caf"}}},
    {"SMEA", {{"name", "smea"}}}};

const std::vector<Counterpart> kPreAggregators = {
    {"NNM", {{"name", "nnm"}}},
    {"Bucketing", {{"name", "bucketing"}, {"parameters", {{"size", 1}}}}},
    {"Clipping", {{"name", "clipping"}, {"parameters", {{"threshold", 2.0}}}}},
    {"ARC", {{"name", "arc"}}}};

const std::vector<Counterpart> kAttacks = {
    {"SignFlipping", {{"name", "sign_flipping"}}},
    {"InnerProductManipulation",
     {{"name", "inner_product_manipulation"}, {"parameters", {{"tau", 2.0}}}}},
    {"Optimal_InnerProductManipulation",
     {{"name", "optimal_inner_product_manipulation"}, {"parameters", kSearch}}},
    {"ALittleIsEnough", {{"name", "a_little_is_enough"}, {"parameters", {{"z", 1.5}}}}},
    {"Optimal_ALittleIsEnough", {{"name", "optimal_a_little_is_enough"}, {"parameters", kSearch}}},
    {"Mimic", {{"name", "mimic"}, {"parameters", {{"index", 0}}}}},
    {"Inf", {{"name", "infinity"}}},
    {"Gaussian", {{"name", "gaussian"}, {"parameters", {{"mean", 0.0}, {"deviation", 1.0}}}}},
    {"LabelFlipping", {{"name", "label_flipping"}}}};

const std::vector<Counterpart> kModels = {
    {"fc_mnist",
     {{"name", "mlp"}, {"parameters", {{"hidden", {100}}, {"initialisation", "torch"}}}}},
    {"cnn_mnist", {{"name", "cnn_mnist"}, {"parameters", {{"initialisation", "torch"}}}}},
    {"logreg_mnist",
     {{"name", "softmax_regression"}, {"parameters", {{"initialisation", "torch"}}}}}};

// Where MNIST is; nothing, and a warning, where it is not.
std::optional<Environment> with_mnist() {
  const char* shared = std::getenv("BYZSIM_SHARED");
  if (shared != nullptr) return Environment{{"BYZSIM_DATA", std::string(shared) + "/data"}};
  WARN("skipped: BYZSIM_SHARED does not name the folder that holds data/");
  return std::nullopt;
}

// The first scenario can be run.
void check_reads(const Json& changes) { read_scenario(scenario_with(changes), scenario_tables()); }

}  // namespace

TEST_CASE("the default configuration is the 288 runs of ByzFL's benchmark") {
  const Sandbox sandbox;
  sandbox.write("config.json", default_file());
  const Outcome outcome = sandbox.byzsim({"import", "byzfl", "config.json", "--out", "sweep.json"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out ==
        "sweep.json: 288 runs, as in ByzFL\n  byzsim sweep plan sweep.json estimates them\n");
  // 4 numbers of Byzantine clients, 4 distributions, 2 rules, 3 attacks, 3 seeds.
  if (const auto data = with_mnist())
    CHECK_THAT(sandbox.byzsim({"sweep", "status", "sweep.json"}, "", *data).err,
               contains("contains no sweep"));  // every point is read and checked, none has begun
  CHECK(imported(Json::parse(default_file())).runs == 4 * 4 * 2 * 3 * 3);
}

TEST_CASE("without a file the sweep goes to standard output, and all else to standard error") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"import", "byzfl", "-"}, default_file());
  CHECK(outcome.exit_code == 0);
  CHECK(Json::parse(outcome.out) == imported_with(Json::object()).sweep);
  CHECK_THAT(outcome.err, contains("note: /benchmark_config/device: left out: "));
  CHECK_THAT(outcome.err, EndsWith("288 runs, as in ByzFL\n"));
}

TEST_CASE("one run of the default configuration is one scenario") {
  const Json scenario = scenario_with(Json::object());
  CHECK(scenario["seed"] == 0);
  CHECK(scenario["steps"] == 800);
  CHECK(scenario["protocol"]["name"] == "sgd");
  CHECK(scenario["servers"]["count"] == 1);
  CHECK(scenario["workers"]["count"] == 11);
  CHECK(scenario["workers"]["byzantine"] == 1);
  CHECK(scenario["workers"]["batch_size"] == 25);
  CHECK(scenario["workers"]["batches"] == "passes");
  CHECK(scenario["data"]["parameters"]["set"] == "mnist");
  CHECK(scenario["data"]["normalise"] == "mnist");
  CHECK(scenario["data"]["validation"] == 0.2);
  CHECK(scenario["optimizer"]["rate"] ==
        Json({{"name", "constant"}, {"parameters", {{"initial", 0.1}}}}));
  CHECK(scenario["optimizer"]["momentum"] == 0.9);
  CHECK(scenario["optimizer"]["weight_decay"] == 0.0001);
  CHECK(scenario["adversary"]["rushing"] == "all");
  CHECK(scenario["metrics"]["every"] == 50);
}

TEST_CASE("absent keys have the defaults of ByzFL's ParamsManager") {
  const ImportedSweep sweep = imported(Json::object());
  CHECK(sweep.runs == 1);
  const Json& scenario = sweep.sweep["scenario"];
  CHECK(scenario["steps"] == 1000);
  CHECK(scenario["workers"]["count"] == 10);
  CHECK(scenario["workers"]["byzantine"] == 0);
  CHECK(scenario["workers"]["batch_size"] == 32);
  CHECK(scenario["workers"]["aggregator"]["name"] == "average");
  CHECK(scenario["workers"]["pre"].empty());
  CHECK(scenario["partition"]["name"] == "iid");
  CHECK_FALSE(scenario["adversary"].contains("workers"));  // NoAttack
}

TEST_CASE("every aggregator of ByzFL is a rule here") {
  std::vector<std::string> names;
  for (const auto& [theirs, ours] : kRules) {
    INFO(theirs);
    const Json changes = {{"/aggregator", {{"name", theirs}}}};
    CHECK(scenario_with(changes)["workers"]["aggregator"] == ours);
    check_reads(changes);
    names.push_back(theirs);
  }
  std::vector<std::string> known;
  for (const ByzflName& each : byzfl_names(ByzflKind::rule)) known.push_back(each.theirs);
  CHECK(names == known);
}

TEST_CASE("every pre-aggregator of ByzFL is one here") {
  for (const auto& [theirs, ours] : kPreAggregators) {
    INFO(theirs);
    const Json changes = {{"/pre_aggregators", {{{"name", theirs}}}}};
    CHECK(scenario_with(changes)["workers"]["pre"] == Json::array({ours}));
    check_reads(changes);
  }
  CHECK(byzfl_names(ByzflKind::pre_aggregator).size() == kPreAggregators.size());
}

TEST_CASE("every attack of ByzFL is one here, with ByzFL's search where it is optimised") {
  for (const auto& [theirs, ours] : kAttacks) {
    INFO(theirs);
    const Json changes = {{"/attack", {{"name", theirs}}}};
    CHECK(scenario_with(changes)["adversary"]["workers"] == ours);
    check_reads(changes);
  }
  CHECK(byzfl_names(ByzflKind::attack).size() == kAttacks.size() + 1);  // and NoAttack
}

TEST_CASE("ByzFL's models begin as torch's layers do") {
  for (const auto& [theirs, ours] : kModels) {
    INFO(theirs);
    const Json changes = {{"/model/name", theirs}};
    CHECK(scenario_with(changes)["model"] == ours);
    check_reads(changes);
  }
  const Json cifar = {{"/model/name", "cnn_cifar"}, {"/model/dataset_name", "cifar10"}};
  CHECK(scenario_with(cifar)["model"] ==
        Json({{"name", "cnn_cifar"}, {"parameters", {{"initialisation", "torch"}}}}));
  CHECK(scenario_with(cifar)["data"]["name"] == "cifar10");
  CHECK(scenario_with(cifar)["data"]["normalise"] == "cifar10");
  check_reads(cifar);
}

TEST_CASE("Fashion-MNIST is flipped and not normalised") {
  const ImportedSweep sweep = imported_with({{"/model/dataset_name", "fashionmnist"}});
  const Json& data = sweep.sweep["scenario"]["data"];
  CHECK(data["parameters"]["set"] == "fashion-mnist");
  CHECK(data["normalise"] == "none");
  CHECK(data["augmentation"] == Json::array({"flip"}));
  CHECK(has_note(sweep, "/model/dataset_name: fashionmnist: ByzFL flips test images"));
}

TEST_CASE("parameters of ByzFL keep their values under byzsim's names") {
  const Json scenario = scenario_with(
      {{"/aggregator",
        {{"name", "CenteredClipping"}, {"parameters", {{"L", 3}, {"tau", 0.5}, {"f", 2}}}}},
       {"/pre_aggregators", {{{"name", "Clipping"}, {"parameters", {{"c", 7.5}}}}}},
       {"/attack", {{"name", "ALittleIsEnough"}, {"parameters", {{"tau", 0.3}}}}}});
  CHECK(scenario["workers"]["aggregator"]["parameters"] == Json({{"iterations", 3}, {"tau", 0.5}}));
  CHECK(scenario["workers"]["pre"][0]["parameters"]["threshold"] == 7.5);
  CHECK(scenario["adversary"]["workers"]["parameters"]["z"] == 0.3);
}

TEST_CASE("a parameter's list is an axis, and labels show what differs") {
  const ImportedSweep sweep = imported_with(
      {{"/aggregator", {{"name", "GeometricMedian"}, {"parameters", {{"T", {3, 8}}}}}}});
  CHECK(sweep.runs == 288);
  const Json variants = axis_named(sweep, "aggregator")["variants"];
  CHECK(variants.contains("GeometricMedian nu=0.1 T=3"));
  CHECK(variants["GeometricMedian nu=0.1 T=8"]["set"]["/workers/aggregator"]["parameters"]
                ["iterations"] == 8);
}

TEST_CASE("a flat list of pre-aggregators is one chain, a list of lists an axis") {
  const ImportedSweep flat = imported_with(Json::object());
  CHECK(flat.sweep["scenario"]["workers"]["pre"].size() == 2);
  CHECK(axis_named(flat, "pre_aggregators").is_null());
  const Json nnm = {{"name", "NNM"}}, arc = {{"name", "ARC"}};
  const ImportedSweep lists =
      imported_with({{"/pre_aggregators",
                      Json::array({Json::array(), Json::array({nnm}), Json::array({arc, nnm})})}});
  // The first element of a list that is a list makes it one of chains.
  CHECK(lists.runs == 3 * 288);
  const Json variants = axis_named(lists, "pre_aggregators")["variants"];
  CHECK(variants["none"]["set"]["/workers/pre"].empty());
  CHECK(variants["ARC_NNM"]["set"]["/workers/pre"][0]["name"] == "arc");
}

TEST_CASE("runs with tolerated_f below f are removed, as ByzFL removes them") {
  const ImportedSweep sweep = imported_with({{"/benchmark_config/tolerated_f", {2, 4}}});
  // Of 4 f and 2 tolerated: (1, 2), (2, 2) and all four with 4 stay; 72 runs for each.
  CHECK(sweep.runs == 6 * 72);
  CHECK(sweep.removed == 2 * 72);
  CHECK(axis_named(sweep, "f")["pointer"] == "/workers/byzantine/actual");
  CHECK(axis_named(sweep, "f")["values"] == Json({1, 1, 2, 2, 3, 4}));
  CHECK(axis_named(sweep, "tolerated_f")["values"] == Json({2, 4, 2, 4, 4, 4}));
  CHECK(axis_named(sweep, "n")["values"] == Json({11, 11, 12, 12, 13, 14}));
  CHECK(issues_with({{"/benchmark_config/tolerated_f", 0}}) ==
        "/benchmark_config/tolerated_f: every tolerated_f is less than every f; tolerate as many "
        "Byzantine clients as there are");
}

TEST_CASE("honest clients are beside the Byzantine ones unless they are to be all clients") {
  const ImportedSweep sweep =
      imported_with({{"/benchmark_config/set_honest_clients_as_clients", true}});
  CHECK(sweep.sweep["scenario"]["workers"]["count"] == 10);
  CHECK(axis_named(sweep, "n").is_null());
  CHECK(axis_named(sweep, "f")["values"] == Json({1, 2, 3, 4}));
}

TEST_CASE("learning rates, decays and milestones become the rate") {
  const ImportedSweep sweep = imported_with({{"/model/learning_rate", {0.1, 0.5}},
                                             {"/model/learning_rate_decay", 0.5},
                                             {"/model/milestones", {200, 400}}});
  CHECK(sweep.runs == 2 * 288);
  CHECK(sweep.sweep["scenario"]["optimizer"]["rate"] ==
        Json({{"name", "milestones"},
              {"parameters", {{"initial", 0.1}, {"factor", 0.5}, {"at", {200, 400}}}}}));
  CHECK(axis_named(sweep, "learning_rate")["pointer"] == "/optimizer/rate/parameters/initial");
  // Decays without milestones have no effect: ByzFL would repeat the same runs.
  const ImportedSweep equal = imported_with({{"/model/learning_rate_decay", {1.0, 0.5}}});
  CHECK(equal.runs == 288);
  CHECK(equal.theirs == 576);
}

TEST_CASE("training and data seeds are seeds of the sweep") {
  const ImportedSweep sweep = imported_with({{"/benchmark_config/training_seed", 7},
                                             {"/benchmark_config/nb_training_seeds", 2},
                                             {"/benchmark_config/nb_data_distribution_seeds", 5}});
  CHECK(sweep.sweep["scenario"]["seed"] == 7);
  CHECK(sweep.sweep["repeat"] == 10);
  CHECK(has_note(sweep, "/benchmark_config/nb_data_distribution_seeds: each pair"));
}

TEST_CASE("distributions of several names are labelled, those of one are numbers") {
  const ImportedSweep one = imported_with(Json::object());
  CHECK(axis_named(one, "gamma")["values"] == Json({1.0, 0.66, 0.33, 0.0}));
  const ImportedSweep several = imported_with(
      {{"/benchmark_config/data_distribution",
        {{{"name", "iid"}}, {{"name", "dirichlet_niid"}, {"distribution_parameter", 0.1}}}}});
  CHECK(axis_named(several, "data_distribution")["variants"]["dirichlet_niid"]["set"] ==
        Json({{"/partition", {{"name", "dirichlet_niid"}, {"parameters", {{"alpha", 0.1}}}}}}));
  CHECK(several.runs == 144);
}

TEST_CASE("FedAvg sends models of sampled clients after local steps") {
  const ImportedSweep sweep = imported_with(
      {{"/benchmark_config/training_algorithm",
        {{"name", "FedAvg"},
         {"parameters", {{"proportion_selected_clients", 0.65}, {"local_steps_per_client", 5}}}}},
       {"/benchmark_config/tolerated_f", 4}});
  const Json& scenario = sweep.sweep["scenario"];
  CHECK(scenario["protocol"] ==
        Json({{"name", "fedavg"}, {"parameters", {{"sends", "models"}, {"tolerated", 4}}}}));
  CHECK(scenario["workers"]["participation"] ==
        Json({{"name", "count"}, {"parameters", {{"count", 6}}}}));  // int(10 * 0.65)
  CHECK(scenario["workers"]["local_steps"] == 5);
  CHECK(scenario["optimizer"]["momentum"] == 0);
  CHECK(has_note(sweep, "/honest_clients/momentum: 0, as ByzFL's FedAvg uses none"));
  CHECK(sweep.runs == 288);
}

TEST_CASE("rules that ask for more here than in ByzFL are permitted") {
  const ImportedSweep krum = imported_with({{"/aggregator", {{"name", "CenteredClipping"}}}});
  CHECK(krum.sweep["scenario"]["unsafe"] == true);
  CHECK(has_note(krum, "/aggregator: CenteredClipping below the condition"));
  CHECK_FALSE(imported_with(Json::object()).sweep["scenario"].contains("unsafe"));
}

TEST_CASE("all mistakes of a configuration are reported at once, with what was meant") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"import", "byzfl", "-"},
                     changed({{"/benchmark_config/nb_step", 3},
                              {"/aggregator", {{"name", "TrMeam"}}},
                              {"/attack", {{"name", "Mimic"}, {"parameters", {{"epsilom", 1}}}}},
                              {"/model/name", "ResNet18"},
                              {"/honest_clients/momentum", 2}})
                         .dump());
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err,
             contains("/benchmark_config/nb_step: unknown key; did you mean 'nb_steps'?"));
  CHECK_THAT(outcome.err,
             contains("/aggregator/name: unknown aggregator 'TrMeam'; did you mean 'TrMean'?"));
  CHECK_THAT(outcome.err,
             contains("/attack/parameters/epsilom: unknown key; did you mean 'epsilon'?"));
  CHECK_THAT(outcome.err, contains("/model/name: ResNet18 cannot be imported: byzsim has no "
                                   "residual networks"));
  CHECK_THAT(outcome.err, contains("/honest_clients/momentum: must be "));
}

TEST_CASE("what is no run in ByzFL either is refused") {
  CHECK(
      issues_with({{"/attack", {{"name", "NoAttack"}}}}) ==
      "/attack: NoAttack needs f = 0: ByzFL stops at the first step otherwise; name an attack, or "
      "set /benchmark_config/f to 0");
  CHECK(issues_with({{"/model/name", "cnn_cifar"}}) ==
        "/model/dataset_name: cnn_cifar takes no images of mnist in ByzFL; use *_mnist with mnist "
        "or fashionmnist, and cnn_cifar with cifar10");
  CHECK(issues_with({{"/benchmark_config/f", {1, 1}}}) ==
        "/benchmark_config/f/1: duplicate value 1; leave it out");
  CHECK(issues_with({{"/benchmark_config/training_algorithm", {{"name", "FedAvg"}}}})
            .starts_with("/benchmark_config/training_algorithm/parameters/"
                         "proportion_selected_clients: missing; ByzFL has no default"));
}

TEST_CASE("docs/byzfl.md names every key of a configuration") {
  const std::string page = read_file(fs::path(source_directory()) / "docs/byzfl.md");
  const std::vector<std::string> keys = byzfl_keys();
  CHECK(keys.size() == 35);  // of sections 14, 8, 3 and 7, and 3 choices
  for (const std::string& key : keys)
    CHECK_THAT(page, contains("`" + key.substr(key.rfind('/') + 1) + "`"));
}

TEST_CASE("import refuses more runs than a sweep may have") {
  const Sandbox sandbox;
  sandbox.write("config.json", changed({{"/benchmark_config/nb_training_seeds", 100'000}}).dump());
  CHECK_THAT(
      sandbox.byzsim({"import", "byzfl", "config.json"}).err,
      EndsWith("9600000 runs; a sweep has at most 1000000; leave out values of some list\n"));
}

TEST_CASE("an imported sweep runs, and its runs have a validation accuracy") {
  const auto data = with_mnist();
  if (!data) return;
  const Sandbox sandbox;
  sandbox.write("config.json", changed({{"/benchmark_config/nb_steps", 2},
                                        {"/benchmark_config/nb_training_seeds", 1},
                                        {"/benchmark_config/f", 2},
                                        {"/benchmark_config/data_distribution", {{"name", "iid"}}},
                                        {"/model/name", "logreg_mnist"},
                                        {"/aggregator", {{"name", "TrMean"}}}})
                                   .dump());
  REQUIRE(sandbox.byzsim({"import", "byzfl", "config.json", "--out", "sweep.json"}).exit_code == 0);
  const Outcome run = sandbox.byzsim({"sweep", "run", "sweep.json", "--out", "there"}, "", *data);
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.out, StartsWith("sweep: 3 runs done"));
  // What is there is looked at without the data.
  CHECK_THAT(sandbox.byzsim({"sweep", "best", "there"}).out, contains(" against attack="));
}

TEST_CASE("a rule that cannot aggregate at a point is refused by ByzFL's key, with the others") {
  // With 2 honest and 3 Byzantine clients Krum has 5 vectors, and TrMean needs 2f + 1 = 7.
  const Json few = {{"/benchmark_config/nb_honest_clients", 2},
                    {"/benchmark_config/f", {0, 3}},
                    {"/pre_aggregators", Json::array()},
                    {"/aggregator", {{{"name", "TrMean"}}, {{"name", "Krum"}}}}};
  const std::string issues = issues_with(few);
  CHECK_THAT(issues, contains("/aggregator/0: TrMean cannot aggregate at 1 of 2 points, which "
                              "would stop the others; with 2 honest and 3 Byzantine clients: "));
  CHECK_THAT(issues, contains("/aggregator/1: Krum cannot aggregate"));
  CHECK_THAT(issues, contains("use a smaller /benchmark_config/f or a larger "
                              "/benchmark_config/nb_honest_clients, or leave TrMean out"));
}

TEST_CASE("a configuration is not overwritten by the sweep that is made of it") {
  const Sandbox sandbox;
  sandbox.write("config.json", default_file());
  CHECK(sandbox.byzsim({"import", "byzfl", "config.json", "--out", "./config.json"}).err ==
        "error: ./config.json: is read by this command, and would be overwritten; choose another "
        "file with --out FILE\n");
  CHECK(sandbox.read("config.json") == default_file());
}

}  // namespace byzsim::process::import_test
