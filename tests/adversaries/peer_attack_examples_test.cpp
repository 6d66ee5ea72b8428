// The worked examples of public Byzantine-learning libraries, where their documentation and tests
// say what an attack sends.
#include <cmath>
#include <map>
#include <string>

#include "tests/adversaries/attack_situations.h"
#include "tests/catch.h"
#include "tests/peer_examples.h"

namespace byzsim::peer_attack_examples_test {
namespace {

/// One of our attacks in a peer's convention.
struct Counterpart {
  std::string attack;
  Changes changes;
};

/// The counterpart of a peer's attack; nothing for one that draws at random.
std::optional<Counterpart> counterpart(const std::string& theirs, const Json& parameters) {
  const auto number = [&](const char* name) { return parameters.at(name).get<double>(); };
  if (theirs == "SignFlipping") return {{"sign_flipping", {}}};
  if (theirs == "SignFlipAttack") return {{"sign_flipping", {{"of", std::string("own")}}}};
  if (theirs == "InnerProductManipulation")
    return {{"inner_product_manipulation", {{"tau", number("tau")}}}};
  if (theirs == "EmpireAttack")  // scale * mean
    return {{"inner_product_manipulation", {{"tau", -number("scale")}}}};
  if (theirs == "ALittleIsEnough") return {{"a_little_is_enough", {{"z", number("tau")}}}};
  if (theirs == "little") return {{"a_little_is_enough", {{"z", number("factor")}}}};
  if (theirs == "Mimic")
    return {{"mimic", {{"index", parameters.at("epsilon").get<std::int64_t>()}}}};
  if (theirs == "Inf") return {{"infinity", {}}};
  const std::map<std::string, std::string> optimal = {
      {"Optimal_InnerProductManipulation", "optimal_inner_product_manipulation"},
      {"Optimal_ALittleIsEnough", "optimal_a_little_is_enough"}};
  if (optimal.count(theirs) == 0) return std::nullopt;
  return {{optimal.at(theirs),
           {{"evaluations", parameters.at("evals").get<std::int64_t>()},
            {"start", number("start")},
            {"delta", number("delta")},
            {"ratio", number("ratio")}}}};
}

/// TrMean(f=1) after NNM(f=1) and Clipping(c=2.0), the one defence of the examples.
Aggregation byzfl_defence() {
  Aggregation defence = defence_of("trimmed_mean", 1);
  for (const char* name : {"nnm", "clipping"})
    defence.pre.push_back({name, defaults(pre_aggregators().at(name).declaration.parameters)});
  return defence;
}

/// Whether the example was one of ours and not left to chance.
bool check_attack_example(const Json& example) {
  if (example.value("kind", "") != "attack" || example.value("random", false)) return false;
  const Json parameters = example.at("parameters");
  const auto ours = counterpart(example.at("rule").get<std::string>(), parameters);
  if (!ours) return false;
  Situation<double> situation;
  for (const Json& row : example.at("input")) situation.honest.push_back(row.get<Doubles>());
  situation.own = situation.honest.front();
  situation.f = parameters.value("f", 1);
  situation.n = static_cast<int>(situation.honest.size()) + situation.f;
  const Aggregation defence = byzfl_defence();
  if (parameters.contains("agg")) situation.defence = &defence;

  CAPTURE(example.dump());
  const Doubles said = craft(ours->attack, situation, ours->changes);
  const Json& expected =
      example.contains("expected") ? example["expected"] : example.at("rerun_output");
  // Printed with nine digits, and by some in float.
  for (std::size_t c = 0; c < said.size(); ++c) {
    const double theirs = number_of(expected[c]);
    CHECK((said[c] == theirs || said[c] == Approx(theirs).epsilon(1e-7)));
  }
  return true;
}

}  // namespace

TEST_CASE("the public libraries' own attacks come out the same", "[peer_examples]") {
  const Json examples = peer_examples();
  if (examples.is_null()) return;
  int compared = 0;
  for (const char* group : {"byzfl_doc", "byzfl_unit_tests", "krum_doc", "other_tests"})
    for (const Json& example : examples.at(group)) compared += check_attack_example(example);
  CHECK(compared == 38);
}

}  // namespace byzsim::peer_attack_examples_test
