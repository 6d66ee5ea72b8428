// Plugins that break a promise: refused as they are loaded, or reported as they are used, never
// silently gone on with.
#include "tests/tools/plugins.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::plugin_faults_test {
namespace {

std::string refusal_of(const std::string& file) {
  const Outcome outcome = Sandbox().byzsim({"list", "--plugin", file});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  return outcome.err;
}

std::string failure_of(const std::string& place, const std::string& strategy) {
  const Outcome outcome = Sandbox().byzsim(
      {"run", "-", "--plugin", plugin("faulty"), "--set", place + "=" + strategy}, kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  const std::string start = "error: plugin " + plugin("faulty") + ", ";
  REQUIRE_THAT(outcome.err, StartsWith(start));
  return outcome.err.substr(start.size(), outcome.err.find("; fix the plugin") - start.size());
}

}  // namespace

TEST_CASE("a plugin built with fast-math is refused, since it flushes denormals as it is loaded") {
  const std::string error = refusal_of(plugin("fast_math"));
  CHECK_THAT(error, StartsWith("error: " + plugin("fast_math") +
                               ": changes the floating-point environment when it is loaded: "
                               "denormal numbers are flushed to zero"));
  CHECK_THAT(error, EndsWith("; build the plugin without -ffast-math and -Ofast\n"));
}

TEST_CASE("a plugin of a later version of the interface is refused unless it needs less") {
  CHECK(refusal_of(plugin("other_version")) ==
        "error: " + plugin("other_version") +
            ": needs version 4 of the plugin interface, but this program has version 3; use a "
            "byzsim that has it, or build the plugin with the byzsim_plugin.h of this program\n");
}

TEST_CASE("a library without the plugin's symbol is refused") {
  CHECK(refusal_of(plugin("no_plugin")) ==
        "error: " + plugin("no_plugin") +
            ": is not a byzsim plugin: it does not export byzsim_plugin_exports; define it as "
            "byzsim_plugin.h describes\n");
}

TEST_CASE("a file that is no library, and none at all, are refused") {
  const Sandbox sandbox;
  sandbox.write("text.so", "not a library");
  CHECK_THAT(sandbox.byzsim({"list", "--plugin", "text.so"}).err,
             contains("/text.so: cannot be loaded: "));
  CHECK_THAT(refusal_of("nowhere.so"), StartsWith("error: nowhere.so: no such file; "));
}

TEST_CASE("a plugin that was copied in part is refused, wherever it ends") {
  const Sandbox sandbox;
  const std::string whole = read_file(plugin("counterparts"));
  for (const std::size_t size : {std::size_t{64}, std::size_t{200}, std::size_t{5000}}) {
    sandbox.write("part.so", whole.substr(0, size));
    const Outcome outcome = sandbox.byzsim({"list", "--plugin", "part.so"});
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err,
               contains("/part.so: file is truncated: expected at least ") &&
                   contains(", found " + std::to_string(size) + "; copy or build it again"));
  }
}

TEST_CASE("a plugin for another machine is refused as that") {
  const Sandbox sandbox;
  std::string arm = read_file(plugin("counterparts"));
  arm[18] = static_cast<char>(183);  // EM_AARCH64 in e_machine
  arm[19] = 0;
  sandbox.write("arm.so", arm);
  const Outcome outcome = sandbox.byzsim({"list", "--plugin", "arm.so"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("/arm.so: was built for another machine (183 in ELF)"));
}

TEST_CASE("all mistakes in a plugin's declarations are reported at once, and nothing is added") {
  const std::string error = refusal_of(plugin("badly_declared"));
  const std::string first = "attack 0 \"parameters\", parameter ";
  for (const std::string& what :
       {first + "\"low\" has the default -1, which is not in [0, 1]",
        first + "\"half\" must be an integer below 2^53, not 0.5",
        first + "\"words\" has no keywords to choose from",
        first + "\"strange\" has the unknown type 99", first + "\"low\" is declared twice",
        first + "5 needs a name of a-z, 0-9 and _ and a summary",
        std::string("there is an attack \"reversed\" already; give it another name"),
        std::string("there is an attack \"Mimic\" already; give it another name"),
        std::string("attack 2 has no name of a-z, 0-9 and _ that begins with a letter and "
                    "has at most 64"),
        std::string("attack 3 has no function craft"),
        std::string("attack 4 \"bare\" has no summary"),
        std::string("attack 4 \"bare\" has 2 parameters but declares none"),
        std::string("attack 5 declares more than 2^24 bytes of state"),
        std::string("rule 0 has an unknown growth; byzsim_growth lists all"),
        std::string("rule 1 keeps more than 16 vectors of each sender")})
    CHECK_THAT(error, contains("error: " + plugin("badly_declared") + ": " + what + "\n"));
  CHECK(std::count(error.begin(), error.end(), '\n') == 15);
}

TEST_CASE("a plugin's rule that makes NaN of finite vectors ends the run with its name") {
  CHECK(
      failure_of("/workers/aggregator", "nan_writer") ==
      "rule nan_writer, in aggregate: returned NaN or no value for finite vectors in coordinate 1");
}

TEST_CASE("a plugin's rule that leaves coordinates out ends the run") {
  // 3 x 3 weights and 3 biases, of which it writes 6.
  CHECK(failure_of("/servers/aggregator", "half_writer") ==
        "rule half_writer, in aggregate: returned NaN or no value for finite vectors in coordinate "
        "6");
}

TEST_CASE("a plugin's rule may make anything of vectors that are not finite") {
  const std::string request =
      R"({"aggregate": "nan_writer", "f": 0, "vectors": [[1, 1], ["inf", 2]]})";
  CHECK(Sandbox().byzsim({"eval", "--plugin", plugin("faulty")}, request).out ==
        "{\"vector\":[0.0,\"nan\"]}\n");
}

TEST_CASE("a plugin's attack may say anything") {
  const Outcome outcome = Sandbox().byzsim(
      {"run", "-", "--plugin", plugin("faulty"), "--set", "/adversary/workers=boundless"},
      kTinyScenario);
  CHECK(outcome.exit_code == 0);
}

TEST_CASE("a plugin's attack that fails, throws or writes too much ends the run with its name") {
  CHECK(failure_of("/adversary/workers", "failing") ==
        "attack failing, in craft: failed: no idea what to say");
  CHECK(failure_of("/adversary/servers", "throwing") ==
        "attack throwing, in craft: threw an exception: out of here");
  CHECK(failure_of("/adversary/workers", "overlong") ==
        "attack overlong, in craft: wrote more than the 12 values that were requested");
}

TEST_CASE("a plugin that changes the floating-point environment ends the run") {
  CHECK_THAT(
      failure_of("/adversary/workers", "flushing"),
      StartsWith(
          "attack flushing, in craft: changed the floating-point environment: denormal numbers "
          "are flushed to zero"));
}

TEST_CASE("eval goes on with the right arithmetic after a plugin that changed it") {
  const std::string tiny = R"({"aggregate": "average", "f": 0, "vectors": [[1e-40]]})";
  const std::string input =
      tiny + "\n" + R"({"attack": "flushing", "f": 1, "vectors": [[1e-40]]})" + "\n" + tiny + "\n";
  const std::string out = Sandbox().byzsim({"eval", "--plugin", plugin("faulty")}, input).out;
  const std::string first = out.substr(0, out.find('\n') + 1);
  CHECK_THAT(first, StartsWith("{\"vector\":[9.9999461"));
  CHECK_THAT(out, contains("\n{\"error\":"));
  CHECK_THAT(out, EndsWith("}\n" + first));
}

TEST_CASE("a plugin's scheduler that sends messages into the past ends the run") {
  CHECK(failure_of("/adversary/scheduler", "before") ==
        "scheduler before, in choose: chose a delay of -5 ns, which is not in [0, 10^15]");
}

TEST_CASE("a run that a plugin ends leaves the other runs of a sweep alone") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"sweep", "run", "-", "--out", "there", "--plugin", plugin("faulty"), "--axis",
                      "/adversary/workers/name=failing,boundless"},
                     kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.out, contains("1 runs done, 0 of them before, 1 failed"));
  CHECK_THAT(outcome.err, contains(", attack failing, in craft: failed: no idea what to say"));
}

}  // namespace byzsim::process::plugin_faults_test
