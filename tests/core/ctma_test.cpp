// What CTMA asks of the rule whose result it measures distances from.
#include <algorithm>
#include <string>

#include "core/pre_aggregators/aggregation.h"
#include "tests/catch.h"

namespace byzsim::ctma_test {

TEST_CASE("ctma takes every rule that builds on the vectors alone, and asks for its condition",
          "[rules]") {
  const Parameter& declared = rules().at("ctma").declaration.parameters.front();
  for (const Rule& rule : rules()) {
    const std::string& name = rule.declaration.name;
    const bool taken = std::count(declared.words.begin(), declared.words.end(), name) == 1;
    CAPTURE(name);
    const bool remembers = rule.sender_vectors > 0 || rule.sender_values > 0 || rule.keeps_norms;
    const bool takes_more = rule.needs_own || rule.needs_reference || remembers;
    if (!rule.declaration.plugin) CHECK(taken == (!takes_more && name != "ctma"));
  }
  Aggregation aggregation{{}, {"ctma", defaults(rules().at("ctma").declaration.parameters)}, 1};
  CHECK_FALSE(broken_condition(aggregation, 3, false));
  aggregation.rule.parameters.set("rule", std::string("bulyan"));
  CHECK(broken_condition(aggregation, 6, false) ==
        "bulyan needs n >= 4f + 3 vectors: with f = 1 at least 7, not 6");
  aggregation.rule.parameters.set("rule", std::string("average"));
  CHECK(broken_condition(aggregation, 6, false) ==
        "average, the rule of ctma, tolerates no Byzantine vector");
  CHECK_FALSE(broken_condition(aggregation, 6, true));
}

}  // namespace byzsim::ctma_test
