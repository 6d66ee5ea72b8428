// What `byzsim shrink --keep` understands.
#include "core/input/issue.h"
#include "tests/catch.h"
#include "tools/shrink/property.h"

namespace byzsim::shrink_property_test {
namespace {

std::string read_as(const std::string& text) {
  const Property property = read_property(text);
  return to_text(property.expectation) + (property.share ? " of the first" : "");
}

std::string error_of(const std::string& text) {
  try {
    read_property(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a property is a metric, a relation and a number", "[shrink]") {
  CHECK(read_as("drift >= 0.5") == "drift (end) >= 0.5");
  CHECK(read_as("drift:max>=0.9*") == "drift (largest) >= 0.9 of the first");
  CHECK(read_as("accuracy:min < 2e-1") == "accuracy (smallest) < 0.2");
  CHECK(read_as("broken_invariants > 0") == "broken_invariants (end) > 0");
}

TEST_CASE("how a run ends is a property too", "[shrink]") {
  CHECK(read_as("status = stalled") == "stalled (end) = 1");
  CHECK(read_as("status = out_of_time") == "timed_out (end) = 1");
  CHECK(read_as("status = time_limit") == "timed_out (end) = 1");
  CHECK(read_as("status = diverged") == "diverged (end) = 1");
  CHECK(read_as("diverged") == "diverged (end) = 1");
}

TEST_CASE("a share is one of what is measured at first", "[shrink]") {
  CHECK(expectation_of(read_property("drift >= 0.5*"), 8).value == 4);
  CHECK(expectation_of(read_property("drift >= 0.5"), 8).value == 0.5);
  CHECK(expectation_of(read_property("accuracy <= 1.5*"), 0.4).value == Approx(0.6));
}

TEST_CASE("what is no property is refused with what is wrong with it", "[shrink]") {
  const std::pair<const char*, const char*> wrong[] = {
      {"drfit > 1", "did you mean 'drift'?"},
      {"drift:top > 1", "write :max, :min or :end"},
      {"drift", "is not a comparison"},
      {"drift > ", "is not a comparison"},
      {"drift > x", "\"x\" is not a number"},
      {"drift > 1**", "\"1*\" is not a number"},
      {"drift => 1", "unknown relation '=>'"},
      {"accuracy > 90", "--keep: accuracy is a fraction in [0, 1]; did you mean 0.9?"},
      {"accuracy_worst:min < 12.5", "accuracy_worst is a fraction in [0, 1]; did you mean 0.125?"},
      {"status = trained", "status = stalled"}};
  for (const auto& [text, problem] : wrong) {
    CAPTURE(text);
    CHECK(error_of(text).find(problem) != std::string::npos);
  }
}

}  // namespace byzsim::shrink_property_test
