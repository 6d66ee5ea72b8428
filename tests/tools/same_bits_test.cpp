// The promise: a run is a function of its scenario alone. Each test changes something around it.
#include "tests/catch.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::same_bits_test {
namespace {

struct Bits {
  Json digest;
  std::string metrics_csv;
  friend bool operator==(const Bits&, const Bits&) = default;
};

Bits bits_of(const std::string& scenario, const Arguments& more = {},
             const Environment& environment = {}) {
  const Sandbox sandbox;
  Arguments arguments = {"run", "-", "--out", "here"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = sandbox.byzsim(arguments, scenario, environment);
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  return {Json::parse(sandbox.read("here/run.json"))["digest"], sandbox.read("here/metrics.csv")};
}

// Enough coordinates for several shards, random delays, and every kind of draw.
const std::string kRich = tiny_with(R"({
  "steps": 12,
  "model": {"name": "mlp", "parameters": {"hidden": [300]}},
  "data": {"parameters": {"dimension": 40}},
  "network": {"delay": {"name": "lognormal"}},
  "compute": {"gradient": {"name": "exponential"}},
  "optimizer": {"momentum": 0.5},
  "adversary": {"workers": "gaussian", "servers": "a_little_is_enough"}
})");

const Bits& usual() {
  static const Bits bits = bits_of(kRich, {"--threads", "1"});
  return bits;
}

void reverse_keys(Json& json) {
  if (json.is_object()) {
    Json reversed = Json::object();
    for (auto it = json.rbegin(); it != json.rend(); ++it) reversed[it.key()] = it.value();
    json = reversed;
  }
  if (json.is_structured())
    for (Json& inner : json) reverse_keys(inner);
}

}  // namespace

TEST_CASE("another seed gives other bits") {
  CHECK_FALSE(bits_of(kRich, {"--seed", "4"}) == usual());
}

TEST_CASE("any number of threads gives the same bits") {
  for (const char* threads : {"1", "2", "3", "8"})
    CHECK(bits_of(kRich, {"--threads", threads}) == usual());
}

TEST_CASE("another locale gives the same bits") {
  CHECK(bits_of(kRich, {}, {{"LC_ALL", "de_DE.UTF-8"}, {"LANG", "de_DE.UTF-8"}}) == usual());
}

TEST_CASE("another time zone gives the same bits") {
  CHECK(bits_of(kRich, {}, {{"TZ", "Asia/Kathmandu"}}) == usual());
}

TEST_CASE("memory that holds garbage when it is handed out gives the same bits") {
  CHECK(bits_of(kRich, {}, {{"MALLOC_PERTURB_", "165"}}) == usual());
}

TEST_CASE("the C library of a machine without FMA gives the same bits") {
  CHECK(bits_of(kRich, {}, {{"GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4"}}) == usual());
}

TEST_CASE("JSON keys in another order are the same scenario with the same bits") {
  Json reversed = Json::parse(kRich);
  reverse_keys(reversed);
  REQUIRE(reversed.dump() != Json::parse(kRich).dump());
  CHECK(tiny_run({}, {}, reversed.dump())["id"] == tiny_run({}, {}, kRich)["id"]);
  CHECK(bits_of(reversed.dump()) == usual());
}

TEST_CASE("another name and summary is another directory with the same id and bits") {
  const Json run = tiny_run({"--set", "/name=other", "--set", "/summary=words"});
  CHECK(run["name"] == "other");
  CHECK(run["id"] == tiny_run()["id"]);
  CHECK(run["digest"] == tiny_run()["digest"]);
}

TEST_CASE("another working directory gives the same bits") {
  const Sandbox sandbox;
  sandbox.write("far/away/scenario.json", kRich);
  const Outcome outcome = sandbox.byzsim({"run", "far/away/scenario.json", "--json"});
  REQUIRE(outcome.exit_code == 0);
  CHECK(Json::parse(outcome.out)["digest"] == usual().digest);
}

}  // namespace byzsim::process::same_bits_test
