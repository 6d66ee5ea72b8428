// The worked examples of public Byzantine-learning libraries, where their documentation and tests
// say what a rule returns. The file lies outside the source tree: $BYZSIM_SHARED/golden.
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/rule.h"
#include "tests/catch.h"

namespace byzsim {
namespace {

std::vector<double> aggregated(const Rule& rule, const std::vector<std::vector<double>>& vectors,
                               int f, const Parameters& parameters) {
  std::vector<const double*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  const Executor executor(1);
  std::vector<double> out(vectors.at(0).size());
  rule.aggregate(RuleInput<double>{pointers, out.size(), f, parameters, executor}, out.data());
  return out;
}

// A number of the peers' examples; "inf" and "nan" stand for what JSON cannot say.
double number_of(const Json& value) {
  if (value.is_number()) return value.get<double>();
  const double magnitude = value.get<std::string>().find("inf") != std::string::npos
                               ? std::numeric_limits<double>::infinity()
                               : std::numeric_limits<double>::quiet_NaN();
  return value.get<std::string>().front() == '-' ? -magnitude : magnitude;
}

std::vector<double> numbers_of(const Json& list) {
  std::vector<double> numbers;
  for (const Json& value : list) numbers.push_back(number_of(value));
  return numbers;
}

const Rule* rule_called_by_peers(const std::string& name) {
  const std::pair<const char*, const char*> names[] = {
      {"Average", "average"}, {"Median", "median"}, {"Krum", "krum"},     {"MDA", "mda"},
      {"average", "average"}, {"brute", "mda"},     {"median", "median"},
  };
  for (const auto& [theirs, ours] : names)
    if (name == theirs) return &rules().at(ours);
  return nullptr;
}

// Whether the example was comparable, that is: of a rule and a count we compute, and not one whose
// result is NaN at the peers, where our conventions differ on purpose.
bool check_peer_example(const Json& example) {
  const Rule* rule = rule_called_by_peers(example.at("rule").get<std::string>());
  const Json& result =
      example.contains("numpy") ? example["numpy"] : example.value("expected", Json());
  if (rule == nullptr || !result.is_array() || result.empty() || result[0].is_array()) return false;
  std::vector<std::vector<double>> vectors;
  for (const Json& row : example.at("input")) vectors.push_back(numbers_of(row));
  const int f = example.at("parameters").value("f", 0);
  if (!rule->computable.holds(static_cast<std::int64_t>(vectors.size()), f)) return false;
  const std::vector<double> expected = numbers_of(result);
  if (std::isnan(expected[0])) return false;

  Parameters parameters = defaults(rule->declaration.parameters);
  if (rule->declaration.name == "krum") parameters.set("neighbours", std::string("n-f-1"));
  const std::vector<double> found = aggregated(*rule, vectors, f, parameters);
  CAPTURE(example.dump());
  for (std::size_t c = 0; c < expected.size(); ++c)
    CHECK((found[c] == expected[c] || found[c] == Approx(expected[c]).epsilon(1e-7)));
  return true;
}

TEST_CASE("The public libraries' own examples come out the same", "[peer_examples]") {
  const char* shared = std::getenv("BYZSIM_SHARED");
  if (shared == nullptr) {
    WARN("skipped: BYZSIM_SHARED does not name the folder that holds golden/peer_examples.json");
    return;
  }
  const std::string path = std::string(shared) + "/golden/peer_examples.json";
  std::ifstream file(path);
  REQUIRE(file.is_open());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Json examples = parse_json(text, path);
  int compared = 0;
  for (const char* group : {"byzfl_doc", "byzfl_unit_tests", "byzfl_edge_cases", "krum_doc"})
    for (const Json& example : examples.at(group)) compared += check_peer_example(example);
  CHECK(compared >= 25);
}

}  // namespace
}  // namespace byzsim
