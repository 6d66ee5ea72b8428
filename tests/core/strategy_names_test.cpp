// Which strategy a name means, and which names are near to one that means none.
#include "core/input/strategy_names.h"

#include "core/input/issue.h"
#include "core/input/json.h"
#include "core/input/parameter_reader.h"
#include "core/partitions/partition.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rules/rule.h"
#include "tests/catch.h"

namespace byzsim::strategy_names_test {
namespace {

// The name of the rule, or "".
std::string rule_called(const std::string& name) {
  const std::vector<Declaration> all = rules().declarations();
  const Declaration* meant = find_called(all, name);
  return meant == nullptr ? "" : meant->name;
}

std::vector<std::string> rule_names() { return names_of(rules().declarations()); }

}  // namespace

TEST_CASE("a name is found in any case and with any separators") {
  for (const char* name : {"multi_krum", "Multi-Krum", "MULTIKRUM", "multi krum", "MultiKrum"})
    CHECK(rule_called(name) == "multi_krum");
}

TEST_CASE("an alias is found in any case") {
  for (const char* name : {"TrMean", "trmean", "TRMEAN", "tr_mean"})
    CHECK(rule_called(name) == "trimmed_mean");
}

TEST_CASE("the first words of a name are enough where no other name begins with them") {
  CHECK(rule_called("trimmed") == "trimmed_mean");
  CHECK(rule_called("Geometric") == "geometric_median");
  const std::vector<Declaration> partitions_ = partitions().declarations();
  REQUIRE(find_called(partitions_, "Dirichlet") != nullptr);
  CHECK(find_called(partitions_, "Dirichlet")->name == "dirichlet_niid");
}

TEST_CASE("a part of a word, or words that several names begin with, mean none") {
  CHECK(rule_called("trim").empty());
  CHECK(rule_called("").empty());
  CHECK(rule_called("_").empty());
  const std::vector<Declaration> two = {{"delay_victims", "", ""}, {"delay_leader", "", ""}};
  CHECK(find_called(two, "delay") == nullptr);
}

TEST_CASE("a strategy of this very name comes before an alias and a case of another") {
  const std::vector<Declaration> among = {{"a", "", "", {}, {"B"}}, {"b", "", "", {}, {"A"}}};
  CHECK(find_called(among, "a")->name == "a");
  CHECK(find_called(among, "A")->name == "b");
  CHECK(find_called(among, "B")->name == "a");
}

TEST_CASE("a name that means two strategies but for its case means none") {
  const std::vector<Declaration> among = {{"a", "", "", {}, {"Cc"}}, {"b", "", "", {}, {"cC"}}};
  CHECK(find_called(among, "CC") == nullptr);
}

TEST_CASE("names and aliases of built-in rules and pre-aggregators differ in more than case") {
  for (const auto& table : {rules().declarations(), pre_aggregators().declarations()})
    for (const Declaration& one : table)
      for (const Declaration& other : table) {
        CAPTURE(one.name, other.name);
        CHECK(is_called(one, other.name) == (one.name == other.name));
        for (const std::string& alias : other.aliases)
          CHECK(is_called(one, alias) == (one.name == other.name));
      }
}

TEST_CASE("a short name is near to one with a letter more, less, or two letters exchanged") {
  CHECK(nearest_name("rnu", {"run", "verify"}) == "run");
  CHECK(nearest_name("mdaa", {"mda", "krum"}) == "mda");
  CHECK(nearest_name("kru", {"mda", "krum"}) == "krum");
}

TEST_CASE("a short name is not near to one with another letter") {
  CHECK(nearest_name("foo", {"FoE", "zero"}).empty());
  CHECK(nearest_name("bar", {"bad", "car"}).empty());
  CHECK(nearest_name("z", {"x", "y"}).empty());
  CHECK(nearest_name("", {"a", "ab"}).empty());
}

TEST_CASE("a longer name is near when a third of its letters is enough to change") {
  CHECK(nearest_name("medain", {"mean", "median"}) == "median");
  CHECK(nearest_name("trimed_maen", rule_names()) == "trimmed_mean");
  CHECK(nearest_name("MEDAIN", {"median"}) == "median");
  CHECK(nearest_name("banana", rule_names()).empty());
}

TEST_CASE("a name without any near one is told all names and no guess") {
  for (const char* name : {"foo", "zzz", "xyz", "test"})
    CHECK(choose_among(rules().declarations(), name).rfind("one of: average, ", 0) == 0);
}

}  // namespace byzsim::strategy_names_test
