// The worked examples of public Byzantine-learning libraries, where their documentation and tests
// say what a rule returns.
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/pre_aggregators/aggregation.h"
#include "tests/catch.h"
#include "tests/peer_examples.h"

namespace byzsim::peer_examples_test {
namespace {

using Vectors = VectorList<double>;

// A list of vectors; a single vector counts as one.
Vectors vectors_of(const Json& list) {
  Vectors vectors;
  for (const Json& row : list) {
    if (!row.is_array()) return vectors_of(Json::array({list}));
    vectors.emplace_back();
    for (const Json& value : row) vectors.back().push_back(number_of(value));
  }
  return vectors;
}

// Our name and convention for a rule of theirs.
struct Counterpart {
  const char* name;
  Parameters parameters = {};
};

Value text_value(const char* text) { return std::string(text); }

// By the peer's own name; what ByzFL, krum's and ByzPy's code do (their scores of n-f-1 others).
const std::map<std::string, Counterpart>& counterparts() {
  const Parameters others({{"neighbours", text_value("n-f-1")}});
  const Parameters byzfl({{"neighbours", text_value("n-f-1")}, {"m", text_value("n-f")}});
  static const std::map<std::string, Counterpart> table = {
      {"Average", {"average"}},
      {"average", {"average"}},
      {"Median", {"median"}},
      {"median", {"median", Parameters({{"middle", text_value("lower")}})}},
      {"CoordinateWiseMedian", {"median", Parameters({{"middle", text_value("lower")}})}},
      {"TrMean", {"trimmed_mean"}},
      {"CoordinateWiseTrimmedMean", {"trimmed_mean"}},
      {"Meamed", {"meamed"}},
      {"MeanOfMedians (= MeaMed)", {"meamed", Parameters({{"middle", text_value("lower")}})}},
      {"Krum", {"krum", others}},
      {"krum", {"multi_krum", others}},
      {"MultiKrum", {"multi_krum", byzfl}},
      {"bulyan", {"bulyan"}},
      {"MDA", {"mda"}},
      {"brute", {"mda"}},
      {"MinimumDiameterAveraging", {"mda"}},
      {"GeometricMedian", {"geometric_median"}},
      {"CenteredClipping", {"centered_clipping"}},
      {"MoNNA", {"monna"}},
      {"CAF", {"caf"}},
      {"SMEA", {"smea"}},
      {"NNM", {"nnm"}},
      {"NearestNeighborMixing", {"nnm"}},
      {"Bucketing", {"bucketing"}},
      {"Clipping", {"clipping"}},
      {"ARC", {"arc"}},
  };
  return table;
}

// Our parameter for one of theirs; empty for f, which is none, and what only names a default.
std::string parameter_called(const std::string& theirs) {
  static const std::map<std::string, std::string> names = {{"nu", "nu"},
                                                           {"T", "iterations"},
                                                           {"tau", "tau"},
                                                           {"L", "iterations"},
                                                           {"idx", "pivot"},
                                                           {"reference_index", "pivot"},
                                                           {"s", "size"},
                                                           {"bucket_size", "size"},
                                                           {"c", "threshold"},
                                                           {"threshold", "threshold"},
                                                           {"m", "m"},
                                                           {"q", "m"},
                                                           {"num_nodes_to_select", "m"}};
  const auto it = names.find(theirs);
  return it == names.end() ? "" : it->second;
}

Parameters translated(const Declaration& declaration, const Counterpart& counterpart,
                      const Json& theirs) {
  Parameters parameters = defaults(declaration.parameters);
  for (const auto& [name, value] : counterpart.parameters.values()) parameters.set(name, value);
  for (const auto& [key, value] : theirs.items()) {
    const std::string name = parameter_called(key);
    if (name.empty() || !value.is_number()) continue;
    if (value.is_number_integer() && name != "threshold")
      parameters.set(name, value.get<std::int64_t>());
    else
      parameters.set(name, value.get<double>());
  }
  return parameters;
}

int declared(const Json& parameters) {
  return parameters.value("f", parameters.value("num_malicious_nodes", 0));
}

Json result_of(const Json& example) {
  return example.contains("numpy") ? example["numpy"] : example.value("expected", Json());
}

bool holds_non_finite(const Json& result) {
  for (const auto& vector : vectors_of(result))
    for (const double value : vector)
      if (!std::isfinite(value)) return true;
  return false;
}

// Why an example is not compared; empty when it is.
std::string reason_to_skip(const Json& example) {
  const std::string rule = example.at("rule").get<std::string>();
  if (example.value("kind", std::string()) == "attack") return "an attack";
  if (!counterparts().contains(rule)) return "no rule of ours: an attack, pipeline or inner step";
  const bool one_bucket = rule == "Bucketing" && !example.contains("expected");
  if (example.value("random", false)) return "draws at random";
  if (example["parameters"].contains("perm")) return "is told the permutation that we draw";
  const Json result = result_of(example);
  if (!result.is_array() || result.empty()) return "an error or no value at the peer";
  if (!one_bucket && holds_non_finite(result)) return "not finite at the peer, finite here";
  const std::string name = counterparts().at(rule).name;
  const Rule* ours = rules().find(name);
  const Bound bound = ours ? ours->computable : pre_aggregators().at(name).computable;
  const auto n = static_cast<std::int64_t>(example.at("input").size());
  if (!bound.holds(n, declared(example.at("parameters")))) return "too few vectors for our formula";
  return "";
}

Vectors found_for(const Json& example) {
  const Counterpart& counterpart = counterparts().at(example.at("rule").get<std::string>());
  const Json& theirs = example.at("parameters");
  const Vectors vectors = vectors_of(example.at("input"));
  std::vector<const double*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  const AggregationInput<double> input{pointers, vectors[0].size()};
  const Executor executor(1);
  const Rule* rule = rules().find(counterpart.name);
  const Declaration& declaration =
      rule ? rule->declaration : pre_aggregators().at(counterpart.name).declaration;
  const Choice choice{counterpart.name, translated(declaration, counterpart, theirs)};
  Aggregation aggregation;
  aggregation.f = declared(theirs);
  if (rule == nullptr) {
    aggregation.pre = {choice};
    return pre_aggregate(aggregation, input, executor);
  }
  aggregation.rule = choice;
  return {aggregate(aggregation, input, executor)};
}

// As the peers' own tests and printed digits have it.
double tolerance_of(const Json& example) {
  if (example.value("note", std::string()) == "test tolerance 5e-2") return 5e-2;
  return example.value("tolerance_abs", 1e-8);
}

void check_example(const Json& example) {
  CAPTURE(example.dump());
  const Vectors expected = vectors_of(result_of(example));
  const Vectors found = found_for(example);
  const double margin = tolerance_of(example);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    for (std::size_t c = 0; c < found[i].size(); ++c)
      CHECK((found[i][c] == expected[i][c] ||
             found[i][c] == Approx(expected[i][c]).epsilon(2e-8).margin(margin)));
}

TEST_CASE("The public libraries' own examples come out the same", "[peer_examples]") {
  const Json examples = peer_examples();
  if (examples.is_null()) return;
  int compared = 0;
  std::map<std::string, int> skipped;
  for (const char* group :
       {"byzfl_doc", "byzfl_unit_tests", "byzfl_edge_cases", "krum_doc", "other_tests"})
    for (const Json& example : examples.at(group)) {
      const std::string reason = reason_to_skip(example);
      if (reason.empty()) {
        check_example(example);
        ++compared;
      } else {
        ++skipped[reason];
      }
    }
  for (const auto& [reason, count] : skipped) INFO(count << " skipped: " << reason);
  CHECK(compared >= 100);
  if (std::getenv("BYZSIM_PEER_REPORT") != nullptr) {
    WARN("compared " << compared);
    for (const auto& [reason, count] : skipped) WARN(count << " skipped: " << reason);
  }
}

}  // namespace
}  // namespace byzsim::peer_examples_test
