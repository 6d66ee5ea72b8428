// What holds of every data set that is drawn from the seed, the next one included: those that read
// no files and are made in the size that is asked for.
#include <set>
#include <string>
#include <vector>

#include "tests/core/data_files.h"

namespace byzsim::generated_datasets_test {
namespace {

using namespace data_files;

std::vector<std::string> drawn_datasets() {
  std::vector<std::string> names;
  for (const DatasetEntry& entry : datasets()) {
    bool has_size = false;
    for (const Parameter& parameter : entry.declaration.parameters)
      has_size = has_size || parameter.name == "train";
    if (entry.files == nullptr && has_size) names.push_back(entry.declaration.name);
  }
  return names;
}

Dataset make_of_size(const std::string& name, std::int64_t train, std::int64_t test,
                     const Surroundings& surroundings = {}) {
  return ask(&DatasetEntry::make, name, {{"train", train}, {"test", test}}, surroundings);
}

std::vector<float> row_of(const Examples& examples, std::size_t row, std::size_t features) {
  std::vector<float> values(features);
  examples.features.copy(row * features, values);
  return values;
}

template <class T>
bool starts_with(const std::vector<T>& many, const std::vector<T>& few) {
  return few.size() <= many.size() && std::equal(few.begin(), few.end(), many.begin());
}

bool part_begins_with(const Examples& many, const Examples& few) {
  return begins_with(many.features, few.features) && starts_with(many.labels, few.labels) &&
         starts_with(many.targets, few.targets);
}

}  // namespace

TEST_CASE("three data sets are drawn from the seed") {
  CHECK(drawn_datasets() == std::vector<std::string>{"glyphs", "blobs", "linear"});
}

TEST_CASE("a data set that is drawn from another seed has other bits") {
  for (const std::string& name : drawn_datasets()) {
    CAPTURE(name);
    const std::uint64_t first = digest_of(make_of_size(name, 10, 10, {.seed = 1}));
    CHECK(digest_of(make_of_size(name, 10, 10, {.seed = 2})) != first);
    CHECK(digest_of(make_of_size(name, 10, 10, {.seed = 1})) == first);
  }
}

TEST_CASE("a data set that is drawn has the same bits with 1, 2 and 3 threads") {
  for (const std::string& name : drawn_datasets()) {
    CAPTURE(name);
    const std::uint64_t alone = digest_of(make_of_size(name, 300, 130, {.threads = 1}));
    CHECK(digest_of(make_of_size(name, 300, 130, {.threads = 2})) == alone);
    CHECK(digest_of(make_of_size(name, 300, 130, {.threads = 3})) == alone);
  }
}

TEST_CASE("an example that is drawn does not depend on how many are made") {
  for (const std::string& name : drawn_datasets()) {
    CAPTURE(name);
    const Dataset few = make_of_size(name, 7, 3), many = make_of_size(name, 100, 80);
    CHECK(part_begins_with(many.train, few.train));
    CHECK(part_begins_with(many.test, few.test));
  }
}

TEST_CASE("no example that is drawn is in a data set twice, nor in both of its parts") {
  for (const std::string& name : drawn_datasets()) {
    CAPTURE(name);
    const Dataset set = make_of_size(name, 60, 40);
    std::set<std::vector<float>> rows;
    for (std::size_t i = 0; i < 60; ++i) rows.insert(row_of(set.train, i, set.features));
    for (std::size_t i = 0; i < 40; ++i) rows.insert(row_of(set.test, i, set.features));
    CHECK(rows.size() == 100);
  }
}

TEST_CASE("a data set that is drawn has the size that was foretold") {
  for (const std::string& name : drawn_datasets()) {
    CAPTURE(name);
    const DatasetSize size =
        ask(&DatasetEntry::size, name, {{"train", std::int64_t{12}}, {"test", std::int64_t{5}}});
    const Dataset set = make_of_size(name, 12, 5);
    CHECK(size.train == 12);
    CHECK(size.test == 5);
    CHECK(set.train.count() == 12);
    CHECK(set.test.count() == 5);
    CHECK(set.features == size.features);
    CHECK(set.classes == size.classes);
    CHECK(set.image == size.image);
  }
}

}  // namespace byzsim::generated_datasets_test
