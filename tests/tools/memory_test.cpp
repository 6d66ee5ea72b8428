// `byzsim run`: how much memory a run takes.
#include <vector>

#include "tests/catch.h"
#include "tests/tools/address_sanitizer.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::memory_test {
TEST_CASE("the memory of a run is its own, whoever started it") {
  const std::vector<char> held(300'000'000, 1);  // of this process
  CHECK(tiny_run()["machine"]["peak_bytes"].get<double>() < 200e6);
  CHECK(held.back() == 1);
}

TEST_CASE("Byzantine nodes that say nothing keep no past in memory") {
  if (kAddressSanitizer) {
    WARN("skipped: a sanitizer keeps freed memory");
    return;
  }
  // A model of 4004 parameters: the vectors of 400 steps are 400 * 11 * 16 KB, 70 MB.
  const std::string silent = tiny_with(R"({"steps": 400, "model": "softmax_regression",
    "data": {"parameters": {"dimension": 1000, "classes": 4}}, "metrics": {"every": 400},
    "adversary": {"workers": "silent", "servers": "silent"}})");
  const std::string gone = tiny_with(R"({"steps": 400, "model": "softmax_regression",
    "data": {"parameters": {"dimension": 1000, "classes": 4}}, "metrics": {"every": 400},
    "network": {"faults": [
      {"name": "crash", "parameters": {"nodes": "server 4"}},
      {"name": "crash", "parameters": {"nodes": "workers 5-6"}}]}})");
  for (const std::string& scenario : {silent, gone})
    CHECK(tiny_run({}, {}, scenario)["machine"]["peak_bytes"].get<double>() < 50e6);
}

}  // namespace byzsim::process::memory_test
