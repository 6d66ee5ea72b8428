// How many examples dirichlet_niid leaves every worker at least.
#include <algorithm>
#include <optional>
#include <set>

#include "core/partitions/partition.h"
#include "tests/catch.h"

namespace byzsim::partition_least_test {
namespace {

// Classes take turns.
Dataset balanced(std::size_t count, std::size_t classes) {
  Dataset dataset;
  dataset.classes = classes;
  for (std::size_t i = 0; i < count; ++i)
    dataset.train.labels.push_back(static_cast<std::int32_t>(i % classes));
  return dataset;
}

Shares by_dirichlet(double alpha, std::int64_t least, const Dataset& dataset, std::size_t workers,
                    std::uint64_t seed) {
  const PartitionEntry& entry = partitions().at("dirichlet_niid");
  Parameters parameters = defaults(entry.declaration.parameters);
  parameters.set("alpha", alpha);
  parameters.set("least", least);
  return make_shares(entry, {parameters, dataset, workers, seed});
}

// The shares, or none where a worker got nothing.
std::optional<Shares> first_draw(double alpha, const Dataset& dataset, std::size_t workers,
                                 std::uint64_t seed) {
  try {
    return by_dirichlet(alpha, 0, dataset, workers, seed);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::size_t smallest(const Shares& shares) {
  std::size_t least = shares[0].size();
  for (const auto& each : shares) least = std::min(least, each.size());
  return least;
}

Issue issue_of(double alpha, std::int64_t least, const Dataset& dataset, std::size_t workers) {
  try {
    by_dirichlet(alpha, least, dataset, workers, 1);
  } catch (const InputError& error) {
    return error.issues().at(0);
  }
  return {};
}

}  // namespace

TEST_CASE("every worker has at least as many examples as dirichlet_niid is asked for") {
  const Dataset dataset = balanced(400, 10);
  int refused = 0, other = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const std::optional<Shares> first = first_draw(0.05, dataset, 6, seed);
    refused += !first;
    for (const std::int64_t least : {1, 5, 20}) {
      const Shares shares = by_dirichlet(0.05, least, dataset, 6, seed);
      REQUIRE(smallest(shares) >= static_cast<std::size_t>(least));
      std::set<std::uint32_t> all;
      for (const auto& each : shares) all.insert(each.begin(), each.end());
      REQUIRE(all.size() == 400);  // each example once
      // The first draw counts where it is good enough.
      const bool enough = first && smallest(*first) >= static_cast<std::size_t>(least);
      REQUIRE((first == shares) == enough);
      other += !enough;
    }
  }
  CHECK(refused > 0);
  CHECK(other > refused);
}

TEST_CASE("dirichlet_niid drawn again is shares of one seed, whatever came before") {
  const Dataset dataset = balanced(14, 2);
  CHECK(by_dirichlet(0.5, 3, dataset, 3, 1) == by_dirichlet(0.5, 3, dataset, 3, 1));
  CHECK(by_dirichlet(0.5, 3, dataset, 3, 1) != by_dirichlet(0.5, 3, dataset, 3, 2));
}

TEST_CASE("a least share that the examples cannot give is refused at its place") {
  CHECK(issue_of(1, 26, balanced(100, 2), 4) ==
        Issue{"/partition/parameters/least",
              "4 workers cannot have 26 each of 100 training examples", "must be at most 25 here"});
}

TEST_CASE("a least share that no draw gives is refused after 1,000 draws") {
  const Issue issue = issue_of(1e-3, 20, balanced(100, 2), 5);
  CHECK(issue.where == "/partition/parameters/least");
  CHECK(issue.problem ==
        "none of 1000 draws left each of 5 workers 20 of the 100 training examples");
  CHECK_THAT(issue.remedy, ContainsSubstring("a larger alpha"));
}

TEST_CASE("who gets no example of dirichlet_niid is told of its least share") {
  CHECK_THAT(issue_of(1e-3, 0, balanced(100, 2), 5).remedy,
             ContainsSubstring("set /partition/parameters/least to 1"));
}

TEST_CASE("an empty share of any partition says what to change") {
  const Dataset dataset = balanced(4, 2);
  for (const PartitionEntry& entry : partitions()) {
    CAPTURE(entry.declaration.name);
    if (entry.on_demand != nullptr) continue;  // whose shares are never empty
    try {
      make_shares(entry, {defaults(entry.declaration.parameters), dataset, 5, 1});
      FAIL("four examples were shared among five workers");
    } catch (const InputError& error) {
      CHECK_THAT(error.issues()[0].remedy, ContainsSubstring("fewer workers, more examples"));
    }
  }
}

}  // namespace byzsim::partition_least_test
