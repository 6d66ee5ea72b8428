// Strategies that search for the worst case, on candidates that are not run.
#include <algorithm>

#include "core/input/issue.h"
#include "tests/adversaries/search_tasks.h"
#include "tests/catch.h"

namespace byzsim::search_test {
namespace {

using Doubles = std::vector<double>;

}  // namespace

TEST_CASE("a grid takes evenly spaced values, both ends included", "[search]") {
  CHECK(chosen_at(kZ, search_by("grid", 5, {variable(kZ, 0, 4)}, no_harm)) ==
        Doubles{0, 1, 2, 3, 4});
}

TEST_CASE("a grid over two numbers takes as many of each as the evaluations allow", "[search]") {
  // 3 x 3 = 9 points fit into 10 evaluations, 4 x 4 do not; the last goes fastest.
  const auto trials =
      search_by("grid", 10, {variable(kZ, 0, 2), variable(kFactor, 10, 30)}, no_harm);
  CHECK(chosen_at(kZ, trials) == Doubles{0, 0, 0, 1, 1, 1, 2, 2, 2});
  CHECK(chosen_at(kFactor, trials) == Doubles{10, 20, 30, 10, 20, 30, 10, 20, 30});
}

TEST_CASE("a grid tries no value of an integer twice", "[search]") {
  const std::string ddof = "/adversary/workers/parameters/ddof";
  const auto trials = search_by("grid", 8, {variable(ddof, 0, 1), variable(kZ, 0, 3)}, no_harm);
  CHECK(chosen_at(ddof, trials) == Doubles{0, 0, 0, 0, 1, 1, 1, 1});
  CHECK(chosen_at(kZ, trials) == Doubles{0, 1, 2, 3, 0, 1, 2, 3});
}

TEST_CASE("a grid without room for its corners is refused", "[search]") {
  CHECK_THROWS_AS(search_by("grid", 3, {variable(kZ, 0, 2), variable(kFactor, 10, 30)}, no_harm),
                  InputError);
}

TEST_CASE("random search stays within the range and fills it", "[search]") {
  const Doubles values = chosen_at(kZ, search_by("random", 400, {variable(kZ, 2, 4)}, no_harm));
  REQUIRE(values.size() == 400);
  CHECK(*std::min_element(values.begin(), values.end()) >= 2);
  CHECK(*std::max_element(values.begin(), values.end()) <= 4);
  for (int tenth = 0; tenth < 10; ++tenth)
    CHECK(std::count_if(values.begin(), values.end(), [&](double z) {
            return z >= 2 + 0.2 * tenth && z <= 2.2 + 0.2 * tenth;
          }) > 15);  // 40 expected, with a deviation of 6
}

TEST_CASE("random search draws by the scenario's seed alone", "[search]") {
  const auto values = [](std::uint64_t seed) {
    return chosen_at(kZ, search_by("random", 5, {variable(kZ, 0, 4)}, no_harm, {}, seed));
  };
  CHECK(values(7) == values(7));
  CHECK(values(7) != values(8));
}

TEST_CASE("a longer random search begins as a shorter one does", "[search]") {
  const Doubles five = chosen_at(kZ, search_by("random", 5, {variable(kZ, 0, 4)}, no_harm));
  Doubles nine = chosen_at(kZ, search_by("random", 9, {variable(kZ, 0, 4)}, no_harm));
  nine.resize(5);
  CHECK(five == nine);
}

TEST_CASE("a candidate is the scenario with what was chosen in it", "[search]") {
  const auto trials = search_by("grid", 2, {variable(kZ, 0.5, 4)}, no_harm);
  CHECK(write(trials[0].candidate.scenario) ==
        write(read(with(small_attacked_byzsgd(), "/adversary/workers",
                        {{"name", "a_little_is_enough"}, {"parameters", {{"z", 0.5}}}}))));
}

TEST_CASE("the worst trial is the earliest of those that do most harm", "[search]") {
  const auto harm = [](const Json& chosen) {
    return chosen[kZ] == 2 ? 9.0 : chosen[kZ] >= 3 ? 9.0 : 1.0;
  };
  CHECK(worst_of(search_by("grid", 5, {variable(kZ, 0, 4)}, harm)) == 2);
}

}  // namespace byzsim::search_test
