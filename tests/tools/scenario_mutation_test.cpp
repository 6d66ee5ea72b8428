// Random damage to a good scenario: the reader answers with a scenario or an InputError, whatever
// the bytes.
#include <cstdlib>
#include <exception>
#include <typeinfo>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "core/exact/random.h"
#include "sim/scenario/scenario_json.h"
#include "tests/catch.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/input/scenario_source.h"

namespace byzsim::scenario_mutation_test {
namespace {

std::string shipped_text(const std::string& name) {
  for (const ShippedFile& shipped : shipped_scenarios())
    if (shipped.name == name) return shipped.text;
  throw std::runtime_error("no shipped scenario " + name);
}

// Changes, removes, repeats or inserts a few bytes.
std::string mutated(std::string text, Stream& stream) {
  const std::uint64_t changes = 1 + stream.below(3);
  for (std::uint64_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = stream.below(text.size());
    const std::string words[] = {"\"", "-", "0", "9", "null", "[", "}", "true", ",", "\xff"};
    switch (stream.below(4)) {
      case 0:
        text[at] = static_cast<char>(stream.below(256));
        break;
      case 1:
        text.erase(at, 1 + stream.below(4));
        break;
      case 2:
        text.insert(at, text.substr(at, 1 + stream.below(20)));
        break;
      default:
        text.insert(at, words[stream.below(std::size(words))]);
    }
  }
  return text;
}

// A thousand unless the environment asks for more.
std::uint64_t mutants() {
  const char* asked = std::getenv("BYZSIM_MUTANTS");
  return asked == nullptr ? 1000 : std::stoull(asked);
}

enum class Ending { read, refused };

// Anything but an InputError passes through and fails the test.
Ending read(const std::string& text) {
  try {
    Json json = parse_json(text, "mutant");
    if (json.is_object()) json.erase("summary");
    const Scenario scenario = read_scenario(json, scenario_tables());
    scenario_id(scenario, scenario_tables());
    return Ending::read;
  } catch (const InputError& error) {
    REQUIRE_FALSE(error.issues().empty());
    return Ending::refused;
  }
}

}  // namespace

TEST_CASE("a damaged scenario is read or refused, and nothing else ever happens") {
  const std::string original = shipped_text("quickstart");
  REQUIRE(read(original) == Ending::read);
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < mutants(); ++i) {
    Stream stream(20240607, Purpose::dataset, 0, i);
    const std::string text = mutated(original, stream);
    CAPTURE(i, text);
    refused += read(text) == Ending::refused;
  }
  CHECK(refused > mutants() / 2);
  CHECK(refused < mutants());
}

TEST_CASE("any value of any kind in any place is read or refused") {
  const Json original = Json::parse(process::kTinyScenario).flatten();
  for (const auto& [pointer, unused] : original.items())
    for (const char* value : {"null", "true", "-1", "0", "1e308", "18446744073709551615", "0.5",
                              "\"\"", "\"auto\"", "[]", "{}", "[[]]", "{\"name\": \"\"}"}) {
      CAPTURE(pointer, value);
      Json changed = original.unflatten();
      changed[Json::json_pointer(pointer)] = Json::parse(value);
      CHECK_NOTHROW(read(changed.dump()));
    }
}

}  // namespace byzsim::scenario_mutation_test
