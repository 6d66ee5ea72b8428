// The partitions by label: who gets which classes.
#include <algorithm>
#include <cmath>

#include "core/partitions/partition.h"
#include "tests/catch.h"

namespace byzsim::partition_niid_test {
namespace {

using Settings = std::vector<std::pair<std::string, Value>>;
using Labels = std::vector<std::int32_t>;

Dataset set_of(Labels labels, std::size_t classes) {
  Dataset dataset;
  dataset.classes = classes;
  dataset.train.labels = std::move(labels);
  return dataset;
}

// Classes take turns.
Dataset balanced(std::size_t count, std::size_t classes) {
  Labels labels(count);
  for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<std::int32_t>(i % classes);
  return set_of(std::move(labels), classes);
}

Shares share(const std::string& name, const Settings& settings, const Dataset& dataset,
             std::size_t workers, std::uint64_t seed = 1) {
  const PartitionEntry& entry = partitions().at(name);
  Parameters parameters = defaults(entry.declaration.parameters);
  for (const auto& [parameter, value] : settings) parameters.set(parameter, value);
  return make_shares(entry, {parameters, dataset, workers, seed});
}

Shares by_dirichlet(double alpha, const Dataset& dataset, std::size_t workers,
                    std::uint64_t seed = 1) {
  return share("dirichlet_niid", {{"alpha", alpha}}, dataset, workers, seed);
}

Shares by_similarity(double gamma, const Dataset& dataset, std::size_t workers,
                     std::uint64_t seed = 1) {
  return share("gamma_similarity_niid", {{"gamma", gamma}}, dataset, workers, seed);
}

bool holds_each_once(const Shares& shares, std::size_t count) {
  std::vector<std::uint32_t> all;
  for (const auto& each : shares) all.insert(all.end(), each.begin(), each.end());
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] != i) return false;
  return all.size() == count;
}

// The entropy of a worker's labels in nats, averaged over the workers: log(classes) when all see
// the same, 0 when each sees one class.
double label_entropy(const Shares& shares, const Dataset& dataset) {
  double sum = 0;
  for (const auto& each : shares) {
    std::vector<double> counts(dataset.classes);
    for (const std::uint32_t i : each) ++counts[static_cast<std::size_t>(dataset.train.labels[i])];
    for (const double count : counts)
      if (count > 0) sum -= count / double(each.size()) * std::log(count / double(each.size()));
  }
  return sum / double(shares.size());
}

template <class Action>
std::string problem_of(const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    REQUIRE(error.issues().size() == 1);
    return error.issues()[0].problem;
  }
  return "";
}

}  // namespace

TEST_CASE("extreme_niid shares are cut from the examples sorted by label, then index") {
  const Dataset dataset = set_of({1, 0, 2, 0, 1, 0, 2}, 3);
  CHECK(share("extreme_niid", {}, dataset, 3) == Shares{{1, 3, 5}, {0, 4}, {2, 6}});
  CHECK(share("extreme_niid", {}, dataset, 2) == Shares{{1, 3, 5, 0}, {4, 2, 6}});
}

TEST_CASE("extreme_niid gives each worker one class when there are as many") {
  const Dataset dataset = balanced(1000, 10);
  CHECK(label_entropy(share("extreme_niid", {}, dataset, 10), dataset) == 0);
}

TEST_CASE("extreme_niid shares of a regression are contiguous") {
  const Dataset dataset = set_of(Labels(5, 0), 0);
  CHECK(share("extreme_niid", {}, dataset, 2) == Shares{{0, 1, 2}, {3, 4}});
}

TEST_CASE("extreme_niid does not depend on the seed") {
  const Dataset dataset = balanced(100, 3);
  CHECK(share("extreme_niid", {}, dataset, 7, 1) == share("extreme_niid", {}, dataset, 7, 2));
}

TEST_CASE("gamma_similarity_niid is iid at 1 and extreme_niid at 0") {
  const Dataset dataset = balanced(103, 4);
  CHECK(by_similarity(1, dataset, 5) == share("iid", {}, dataset, 5));
  CHECK(by_similarity(0, dataset, 5) == share("extreme_niid", {}, dataset, 5));
}

TEST_CASE("gamma_similarity_niid shares its first part by chance and sorts the rest") {
  // The permutation of the seed is 0 1 2 8 6 4 3 7 9 5.
  const Dataset dataset = balanced(10, 2);
  CHECK(share("iid", {}, dataset, 1) == Shares{{0, 1, 2, 8, 6, 4, 3, 7, 9, 5}});
  CHECK(by_similarity(0.45, dataset, 2) == Shares{{0, 1, 4, 6, 3}, {2, 8, 5, 7, 9}});
}

TEST_CASE("gamma_similarity_niid holds each example once and gives equal shares but for two") {
  const Dataset dataset = balanced(1003, 10);
  for (const double gamma : {0.1, 0.33, 0.5, 0.9}) {
    const Shares shares = by_similarity(gamma, dataset, 7);
    CHECK(holds_each_once(shares, 1003));
    const auto [least, greatest] =
        std::minmax_element(shares.begin(), shares.end(),
                            [](const auto& a, const auto& b) { return a.size() < b.size(); });
    CHECK(greatest->size() - least->size() <= 2);
  }
}

TEST_CASE("heterogeneity rises as gamma falls") {
  const Dataset dataset = balanced(5000, 10);
  double previous = label_entropy(by_similarity(1, dataset, 10), dataset);
  CHECK(previous == Approx(std::log(10)).epsilon(0.01));
  for (const double gamma : {0.9, 0.66, 0.33, 0.1, 0.0}) {
    const double entropy = label_entropy(by_similarity(gamma, dataset, 10), dataset);
    CHECK(entropy < previous - 0.02);
    previous = entropy;
  }
  CHECK(previous == 0);
}

TEST_CASE("dirichlet_niid holds each example once") {
  for (const double alpha : {0.3, 1.0, 1000.0})
    CHECK(holds_each_once(by_dirichlet(alpha, balanced(2003, 10), 7), 2003));
}

TEST_CASE("dirichlet_niid shares out each class by itself") {
  const Dataset dataset = balanced(1000, 2);
  Dataset relabelled = dataset;  // class 1 becomes class 2; class 0 stays
  for (std::int32_t& label : relabelled.train.labels) label *= 2;
  relabelled.classes = 3;
  const auto class_0_of = [&](const Dataset& set) {
    Shares shares = by_dirichlet(1, set, 4);
    for (auto& each : shares)
      each.erase(std::remove_if(each.begin(), each.end(),
                                [&](std::uint32_t i) { return set.train.labels[i] != 0; }),
                 each.end());
    return shares;
  };
  CHECK(class_0_of(dataset) == class_0_of(relabelled));
}

TEST_CASE("dirichlet_niid with a huge alpha cuts each class into equal parts") {
  for (const auto& each : by_dirichlet(1e9, balanced(1000, 2), 4)) {
    CHECK(each.size() >= 248);
    CHECK(each.size() <= 252);
  }
}

TEST_CASE("heterogeneity rises as alpha falls") {
  const Dataset dataset = balanced(20000, 10);
  double previous = std::log(10) + 0.1;
  for (const double alpha : {100.0, 3.0, 0.7, 0.2}) {
    double entropy = 0;
    for (std::uint64_t seed = 0; seed < 5; ++seed)
      entropy += label_entropy(by_dirichlet(alpha, dataset, 10, seed), dataset) / 5;
    CHECK(entropy < previous - 0.1);
    previous = entropy;
  }
}

TEST_CASE("dirichlet_niid shares a regression as one class") {
  CHECK(holds_each_once(by_dirichlet(1, set_of(Labels(500, 0), 0), 4), 500));
}

TEST_CASE("a class without examples does not disturb dirichlet_niid") {
  CHECK(holds_each_once(by_dirichlet(1, set_of(Labels(500, 2), 4), 4), 500));
}

TEST_CASE("dirichlet_niid names the worker that gets no example") {
  const Dataset dataset = balanced(100, 2);
  CHECK_THAT(problem_of([&] { by_dirichlet(1e-3, dataset, 5); }),
             Catch::Matchers::EndsWith(" of 5 gets none of the 100 training examples"));
}

TEST_CASE("the least alpha gives each class to one worker") {
  const Dataset dataset = balanced(100, 2);
  const PartitionEntry& entry = partitions().at("dirichlet_niid");
  Parameters parameters = defaults(entry.declaration.parameters);
  parameters.set("alpha", 5e-324);
  const Shares shares = entry.share({parameters, dataset, 5, 1});
  for (const auto& each : shares) CHECK(each.size() % 50 == 0);
  CHECK(holds_each_once(shares, 100));
}

TEST_CASE("shares by label are those of the seed") {
  const Dataset dataset = balanced(200, 5);
  CHECK(by_dirichlet(1, dataset, 4, 3) == by_dirichlet(1, dataset, 4, 3));
  CHECK(by_dirichlet(1, dataset, 4, 3) != by_dirichlet(1, dataset, 4, 4));
  CHECK(by_similarity(0.5, dataset, 4, 3) != by_similarity(0.5, dataset, 4, 4));
}

TEST_CASE("dirichlet_niid shares are those first drawn for their seed") {
  CHECK(by_dirichlet(0.5, balanced(14, 2), 3, 1) ==
        Shares{{0, 10}, {4, 2, 8, 12}, {6, 1, 11, 7, 13, 9, 5, 3}});
}

}  // namespace byzsim::partition_niid_test
