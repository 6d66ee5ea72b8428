// Plugins of every version of the interface: those of versions 1 and 2 as sources and as libraries,
// those of this version, and later ones with longer structs.
#include <string>

#include "tests/tools/plugins.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::plugin_versions_test {
namespace {

Json digest_with(const std::string& library, const std::string& set, const Arguments& more = {}) {
  Arguments arguments = {"--plugin", plugin(library), "--set", set};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return tiny_run(arguments)["digest"];
}

// In byzsim's process and in one of its own.
void check_same_as(const std::string& library, const std::string& place, const std::string& ours,
                   const std::string& theirs, const Arguments& more = {}) {
  const Json built_in = digest_with(library, place + "=" + ours, more);
  Arguments isolated = more;
  isolated.push_back("--isolate-plugins");
  INFO(library << " " << theirs);
  CHECK(digest_with(library, place + "=" + theirs, more) == built_in);
  CHECK(digest_with(library, place + "=" + theirs, isolated) == built_in);
}

std::string sentence_of(const Arguments& more, const Environment& environment = {}) {
  Arguments arguments = {"run", "-", "--plugin", plugin("abi_2"), "--threads", "1"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = Sandbox().byzsim(arguments, kTinyScenario, environment);
  CHECK(outcome.exit_code == 2);
  return outcome.err;
}

std::string refusal_of(const std::string& library, const Environment& environment = {}) {
  const Outcome outcome = Sandbox().byzsim({"list", "--plugin", plugin(library)}, "", environment);
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  const std::string start = "error: " + plugin(library) + ": ";
  REQUIRE_THAT(outcome.err, StartsWith(start));
  return outcome.err.substr(start.size());
}

}  // namespace

TEST_CASE("sources and libraries of version 1 of the plugin interface run as ever") {
  for (const char* library : {"abi_1", "abi_1_library"}) {
    check_same_as(library, "/adversary/workers", "reversed", "other_reversed");
    check_same_as(library, "/adversary/servers", "gaussian", "other_gaussian");
    check_same_as(library, "/adversary/scheduler", "burst", "other_burst");
    check_same_as(library, "/workers/aggregator", "average", "other_average");
    check_same_as(library, "/servers/aggregator", "average", "other_average");
  }
}

TEST_CASE("sources and libraries of version 1 of the plugin interface are described alike") {
  const auto description = [](const std::string& library, const std::string& name) {
    const std::string out = Sandbox().byzsim({"describe", name, "--plugin", plugin(library)}).out;
    const std::size_t plugin_line = out.find("  Plugin: ");
    REQUIRE(plugin_line != std::string::npos);
    return out.substr(0, plugin_line) + out.substr(out.find('\n', plugin_line) + 1);
  };
  for (const char* name : {"other_reversed", "other_burst", "other_average"})
    for (const char* library : {"abi_1", "abi_1_library"})
      CHECK(description(library, name) == description("counterparts", name));
}

TEST_CASE("a plugin's rule knows which vector is its receiver's own") {
  const Arguments unsafe = {"--set", "/unsafe=true"};
  check_same_as("abi_2", "/servers/aggregator", "monna", "other_monna", unsafe);
  for (const char* protocol : {"byzsgd_sync", "learn"}) {
    Arguments more = unsafe;
    more.insert(more.end(), {"--set", std::string("/protocol=") + protocol});
    if (std::string(protocol) == "learn")
      more.insert(more.end(), {"--set", "/workers/count=5", "--set", "/workers/byzantine/actual=1",
                               "--set", "/workers/byzantine/declared=1"});
    check_same_as("abi_2", "/servers/aggregator", "monna", "other_monna", more);
  }
}

TEST_CASE("a plugin's rule knows the senders of its vectors, where they have single ones") {
  const std::string set = "/workers/aggregator=reciting";
  for (const Arguments& isolated : {Arguments{}, Arguments{"--isolate-plugins"}}) {
    const auto sentence = [&](Arguments more) {
      more.insert(more.end(), isolated.begin(), isolated.end());
      return sentence_of(more);
    };
    const std::string failed = "rule reciting, in aggregate: failed: own ";
    const Arguments all = {"--set", set,
                           "--set", "/protocol=sgd",
                           "--set", "/servers/count=1",
                           "--set", "/servers/byzantine=0",
                           "--set", "/workers/byzantine/declared=0",
                           "--set", "/workers/byzantine/actual=0"};
    CHECK_THAT(sentence(all), contains(failed + "-1, senders 0 1 2 3 4 5 6; fix the plugin"));
    Arguments nearest = all, grouped = all;
    nearest.insert(nearest.end(), {"--set", R"(/workers/pre=["nnm"])"});
    CHECK_THAT(sentence(nearest), contains(failed + "-1, senders 0 1 2 3 4 5 6; fix"));
    grouped.insert(grouped.end(), {"--set", R"(/workers/pre=["bucketing"])"});
    CHECK_THAT(sentence(grouped), contains(failed + "-1, senders unknown; fix"));
  }
}

TEST_CASE("a plugin's rule in eval knows no senders") {
  for (const char* precision : {"float32", "float64"}) {
    const Outcome outcome = Sandbox().byzsim(
        {"eval", "--plugin", plugin("abi_2")},
        R"({"aggregate": "reciting", "f": 0, "vectors": [[1], [2]], "precision": ")" +
            std::string(precision) + "\"}");
    CHECK_THAT(outcome.out, contains("failed: own -1, senders unknown; fix the plugin"));
  }
}

TEST_CASE("a plugin's rule that writes into the senders ends the run with its name") {
  for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"}}) {
    Arguments arguments = {"--set", "/workers/aggregator=sender_writer"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    CHECK_THAT(sentence_of(arguments),
               contains("rule sender_writer, in aggregate: changed its inputs; fix the plugin"));
  }
}

TEST_CASE("a library of version 2 of the plugin interface runs as ever, and is given no weights") {
  check_same_as("abi_2_library", "/servers/aggregator", "monna", "other_monna",
                {"--set", "/unsafe=true"});
  const Outcome outcome = Sandbox().byzsim(
      {"eval", "--plugin", plugin("abi_2_library")},
      R"({"aggregate": "reciting", "f": 0, "vectors": [[1], [2]], "weights": [1, 2]})");
  CHECK_THAT(outcome.out, contains("failed: own -1, senders unknown; fix the plugin"));
}

TEST_CASE("a plugin's rule that declares weights is given them, and others are not") {
  const std::string vectors = R"(", "f": 0, "vectors": [[1], [2], [9]], "weights": [3, 1, 4]})";
  for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"}}) {
    const auto answered = [&](const std::string& rule, const std::string& rest) {
      Arguments arguments = {"eval", "--plugin", plugin("abi_3")};
      arguments.insert(arguments.end(), more.begin(), more.end());
      return Sandbox().byzsim(arguments, "{\"aggregate\": \"" + rule + rest).out;
    };
    CHECK(answered("weighing", vectors) == answered("average", vectors));
    CHECK(answered("weighing", R"(", "f": 0, "vectors": [[1], [2], [9]]})") ==
          "{\"vector\":[4.0]}\n");
    CHECK(answered("not_weighing", vectors) == "{\"vector\":[1.0]}\n");
    CHECK_THAT(answered("weight_writer", vectors),
               contains("rule weight_writer, in aggregate: changed its inputs; fix the plugin"));
  }
}

TEST_CASE("what a plugin is given states its size") {
  for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"}}) {
    Arguments arguments = {"--set", "/adversary/scheduler=sized_scheduler"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    CHECK_NOTHROW(digest_with("abi_2", "/adversary/workers=sized", arguments));
  }
}

TEST_CASE("a plugin's rule states how its cost grows, and takes simulated time by it") {
  const auto cost_of = [](const std::string& rule, const std::string& library) {
    const std::string out = Sandbox().byzsim({"describe", rule, "--plugin", plugin(library)}).out;
    const std::size_t cost = out.find("  Cost: ") + 8;
    return out.substr(cost, out.find('\n', cost) - cost);
  };
  CHECK(cost_of("other_monna", "abi_2") == "n d");
  CHECK(cost_of("reciting", "abi_2") == "n log(n) d");
  CHECK(cost_of("other_monna_by_pairs", "abi_2") == "n^2 d");
  CHECK(cost_of("later_rule", "other_layout") == "n log(n) d");
  const auto time_with = [](const std::string& rule) {
    return tiny_run({"--plugin", plugin("abi_2"), "--set", "/unsafe=true", "--set",
                     "/compute/operations_per_second=1000000", "--set",
                     "/servers/aggregator=" + rule})["simulated_seconds"];
  };
  CHECK(time_with("other_monna") == time_with("monna"));
  CHECK(time_with("other_monna_by_pairs").get<double>() > time_with("monna").get<double>());
}

TEST_CASE("a plugin of a later version that needs nothing unknown is read as far as it is known") {
  check_same_as("other_layout", "/adversary/workers", "reversed", "later_reversed");
  CHECK_NOTHROW(digest_with("other_layout", "/servers/aggregator=later_rule"));
  CHECK(refusal_of("other_layout", {{"LEAST_ABI", "4"}}) ==
        "needs version 4 of the plugin interface, but this program has version 3; use a byzsim "
        "that has it, or build the plugin with the byzsim_plugin.h of this program\n");
  CHECK_THAT(refusal_of("other_layout", {{"LEAST_ABI", "18446744073709551615"}}),
             StartsWith("needs version 18446744073709551615 of the plugin interface"));
}

TEST_CASE("sizes of structs that no version of the plugin interface has are refused") {
  const auto refused = [](const std::string& size) {
    return refusal_of("other_layout", {{"OTHER_SIZE", size}});
  };
  const std::string remedy = "; leave its definition to byzsim_plugin.h\n";
  CHECK(refused("0=0") ==
        "exports byzsim_plugin_sizes with 0 bytes for itself, which must be a "
        "multiple of 4 in [36, 65536]" +
            remedy);
  CHECK(refused("0=30") ==
        "exports byzsim_plugin_sizes with 30 bytes for itself, which must be a "
        "multiple of 4 in [36, 65536]" +
            remedy);
  CHECK(refused("0=4000000000") ==
        "exports byzsim_plugin_sizes with 4000000000 bytes for itself, "
        "which must be a multiple of 4 in [36, 65536]" +
            remedy);
  CHECK_THAT(refused("1=0"), StartsWith("exports byzsim_plugin_sizes with 0 bytes for the plugin"));
  CHECK_THAT(refused("2=41"), StartsWith("exports byzsim_plugin_sizes with 41 bytes for a decl"));
  CHECK_THAT(refused("3=8"), StartsWith("exports byzsim_plugin_sizes with 8 bytes for a param"));
  CHECK_THAT(refused("4=72"), StartsWith("exports byzsim_plugin_sizes with 72 bytes for an att"));
  CHECK_THAT(refused("5=65544"),
             StartsWith("exports byzsim_plugin_sizes with 65544 bytes for a scheduler"));
  CHECK_THAT(refused("6=97"), StartsWith("exports byzsim_plugin_sizes with 97 bytes for a rule"));
}

TEST_CASE("a plugin of version 2 that does not export the sizes of its structs is refused") {
  CHECK(refusal_of("without_sizes") ==
        "was built for version 2 of the plugin interface, but does not export "
        "byzsim_plugin_sizes; export it beside byzsim_plugin_exports; byzsim_plugin.h defines "
        "it\n");
}

}  // namespace byzsim::process::plugin_versions_test
