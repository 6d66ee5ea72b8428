#include "core/partitions/partition.h"

#include <algorithm>

#include "tests/catch.h"

namespace byzsim::partition_test {
namespace {

// A set of so many training examples; a partition by chance looks at nothing else.
Dataset set_of(std::size_t train) {
  Dataset dataset;
  dataset.features = 1;
  dataset.classes = 2;
  dataset.train.features = std::vector<float>(train);
  dataset.train.labels.resize(train);
  return dataset;
}

Shares share_iid(std::size_t train, std::size_t workers, std::uint64_t seed = 1) {
  const PartitionEntry& entry = partitions().at("iid");
  const Parameters parameters = defaults(entry.declaration.parameters);
  return make_shares(entry, {parameters, set_of(train), workers, seed});
}

std::vector<std::uint32_t> sorted_union(const Shares& shares) {
  std::vector<std::uint32_t> all;
  for (const auto& share : shares) all.insert(all.end(), share.begin(), share.end());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

TEST_CASE("iid shares hold every training example exactly once") {
  CHECK(sorted_union(share_iid(7, 3)) == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("iid shares differ by at most one example, the first ones being larger") {
  std::vector<std::size_t> sizes;
  for (const auto& share : share_iid(14, 4)) sizes.push_back(share.size());
  CHECK(sizes == std::vector<std::size_t>{4, 4, 3, 3});
}

TEST_CASE("one worker gets all examples") { CHECK(share_iid(5, 1).at(0).size() == 5); }

TEST_CASE("iid shares are those of the seed") {
  CHECK(share_iid(100, 7, 1) == share_iid(100, 7, 1));
  CHECK(share_iid(100, 7, 1) != share_iid(100, 7, 2));
}

TEST_CASE("iid shares are those first drawn for their seed") {
  CHECK(share_iid(10, 3, 1) == Shares{{0, 1, 2, 8}, {6, 4, 3}, {7, 9, 5}});
}

TEST_CASE("an example goes to each worker with equal chance") {
  std::vector<int> times(4);
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const Shares shares = share_iid(8, 4, seed);
    for (std::size_t worker = 0; worker < 4; ++worker)
      times[worker] += static_cast<int>(
          std::count(shares[worker].begin(), shares[worker].end(), std::uint32_t{5}));
  }
  for (const int count : times) CHECK(std::abs(count - 1000) < 137);  // five deviations
}

TEST_CASE("a worker without an example is named") {
  try {
    share_iid(2, 5);
    FAIL("two examples were shared among five workers");
  } catch (const InputError& error) {
    REQUIRE(error.issues().size() == 1);
    CHECK(error.issues()[0].where == "/partition");
    CHECK(error.issues()[0].problem == "worker 2 of 5 gets none of the 2 training examples");
  }
}

}  // namespace byzsim::partition_test
