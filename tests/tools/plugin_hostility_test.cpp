// Plugins that do harm: each is ended with its name, and nothing else is ended with it.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/tools/address_sanitizer.h"
#include "tests/tools/plugins.h"
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::plugin_hostility_test {
namespace {

const std::string kHostile = plugin("hostile");

std::string choice(const std::string& strategy, const std::string& how) {
  return R"({"name": ")" + strategy + R"(", "parameters": {"how": ")" + how + R"("}})";
}

Outcome run_hostile(const std::string& place, const std::string& strategy, const std::string& how,
                    const Arguments& more = {}, const Environment& environment = {}) {
  Arguments arguments = {
      "run", "-", "--plugin", kHostile, "--set", place + "=" + choice(strategy, how), "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Sandbox().byzsim(arguments, kTinyScenario, environment);
}

struct Hostility {
  const char* how;
  const char* sentence;            // in this process
  const char* isolated = nullptr;  // in one of its own, where that is another
};

const std::vector<Hostility> kHostilities = {
    {"exit_0", "called exit(0)"},
    {"exit_7", "called exit(7)"},
    {"quick_exit", "called quick_exit"},
    {"exit_at_once", "called _exit(0)"},
    {"abort", "received the signal SIGABRT (abort or a failed assertion)"},
    {"read_null", "received the signal SIGSEGV (memory that it must not use)"},
    {"write_anywhere", "received the signal SIGSEGV (memory that it must not use)"},
    {"call_null", "received the signal SIGSEGV (memory that it must not use)"},
    {"divide_by_zero", "received the signal SIGFPE (an arithmetic error)"},
    {"illegal_instruction", "received the signal SIGILL (an illegal instruction)"},
    {"trap", "received the signal SIGTRAP (a trap)"},
    {"privileged_instruction", "received the signal SIGSEGV (memory that it must not use)"},
    {"bus_error", "received the signal SIGBUS (memory that is not there)"},
    {"bad_system_call", "received the signal SIGSYS (a bad system call)"},
    {"alarm_signal", "received the signal SIGALRM (a timer)"},
    {"user_signal", "received the signal SIGUSR1 (a signal of its own)"},
    {"overflow_stack", "overflowed its stack"},
    {"throw_number", "threw an exception"},
    {"throw_exception", R"(threw an exception: out\x0a of \xff here)"},
    {"end_thread", "ended its thread"},
    {"write_after", "wrote more than the 12 values that were requested"},
    {"write_far_after", "wrote or read next to its output"},
    {"write_before", "wrote before its output"},
    {"write_far_before", "wrote or read next to its output"},
    {"read_far_after", "wrote or read next to its output"},
    {"write_own", "changed its inputs"},
    {"write_vector", "changed its inputs"},
    {"write_pointers", "changed its inputs"},
    {"write_text", "changed its inputs"},
    {"round_up",
     "changed the floating-point environment: the rounding mode is not "
     "round-to-nearest"},
    {"flush_denormals",
     "changed the floating-point environment: denormal numbers are flushed to "
     "zero in this process: a shared library built with -ffast-math switches "
     "that on; load byzsim without it"},
    {"unmask_exceptions",
     "changed the floating-point environment: floating-point exceptions end the process"},
    {"lower_precision",
     "changed the floating-point environment: the x87 unit has other settings than at the start"},
    {"close_output", "closed or replaced a standard stream"},
    {"close_errors", "closed or replaced a standard stream"},
    {"replace_input", "closed or replaced a standard stream"},
    {"fork", "called fork"},
    {"start_process", "started a process of its own"},
    {"change_directory", "changed the working directory"},
    {"set_environment", "changed the environment"},
    {"clear_environment", "changed the environment"},
    {"set_locale", "changed the locale"},
    {"handle_signal", "changed how the process handles signals"},
    {"ignore_interrupts", "changed how the process handles signals"},
    {"block_signals", "blocked signals"},
    {"alarm", "started a timer"},
    {"limit_files", "changed a limit of the process"},
    {"count_calls",
     "answered the same input differently: it keeps state between calls, or draws "
     "numbers of its own"},
    {"ask_clock",
     "answered the same input differently: it keeps state between calls, or draws "
     "numbers of its own"},
    {"strange_error", R"(failed: bad \xc3( \x1b[31m \xed\xa0\x80)"},
    {"wild_error", "received the signal SIGSEGV (memory that it must not use)"},
    {"exit_in_shard", "called exit(0)"},
    {"fault_in_shard", "received the signal SIGILL (an illegal instruction)"},
    {"throw_in_shard", "threw an exception"},
    {"flush_in_shard",
     "changed the floating-point environment: denormal numbers are flushed to "
     "zero in this process: a shared library built with -ffast-math switches "
     "that on; load byzsim without it"}};

// Sanitizers see these before byzsim does.
bool is_checked(const std::string& how) {
  static const std::set<std::string> of_sanitizer = {"overflow_stack", "write_heap",
                                                     "start_process", "divide_by_zero"};
  return !kAddressSanitizer || of_sanitizer.count(how) == 0;
}

void check_ended(const Outcome& outcome, const std::string& named, const std::string& sentence) {
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err,
             contains("error: plugin " + kHostile + ", " + named + ": " + sentence + "; fix the "));
}

}  // namespace

TEST_CASE("a hostile attack ends a run with its name, whatever it does") {
  for (const Hostility& hostility : kHostilities) {
    if (!is_checked(hostility.how)) continue;
    INFO(hostility.how);
    check_ended(run_hostile("/adversary/workers", "hostile", hostility.how),
                "attack hostile, in craft", hostility.sentence);
  }
}

TEST_CASE("a hostile attack in a process of its own is ended with the same sentences") {
  for (const Hostility& hostility : kHostilities) {
    if (!is_checked(hostility.how)) continue;
    INFO(hostility.how);
    check_ended(run_hostile("/adversary/workers", "hostile", hostility.how, {"--isolate-plugins"}),
                "attack hostile, in craft",
                hostility.isolated ? hostility.isolated : hostility.sentence);
  }
}

TEST_CASE("a hostile rule and a hostile scheduler end a run with their names on any threads") {
  for (const char* threads : {"1", "3"})
    for (const char* how : {"exit_0", "read_null", "write_vector", "write_far_after", "count_calls",
                            "flush_denormals", "overflow_stack"}) {
      const auto* known =
          std::find_if(kHostilities.data(), kHostilities.data() + kHostilities.size(),
                       [&](const Hostility& each) { return each.how == std::string(how); });
      INFO(how);
      if (is_checked(how))
        check_ended(run_hostile("/workers/aggregator", "hostile_rule", how, {"--threads", threads}),
                    "rule hostile_rule, in aggregate", known->sentence);
    }
  for (const auto& [how, sentence] : std::map<std::string, std::string>{
           {"exit_0", "called exit(0)"},
           {"read_null", "received the signal SIGSEGV (memory that it must not use)"},
           {"write_after", "wrote next to its output"},
           {"write_before", "wrote next to its output"},
           {"count_calls", "answered the same input differently"}})
    CHECK_THAT(run_hostile("/adversary/scheduler", "hostile_scheduler", how).err,
               contains("error: plugin " + kHostile +
                        ", scheduler hostile_scheduler, in choose: " + sentence));
}

TEST_CASE("what no process can catch of itself is caught with --isolate-plugins") {
  const auto isolated = [](const std::string& how) {
    return run_hostile("/adversary/workers", "hostile", how,
                       {"--isolate-plugins", "--plugin-seconds", "1"});
  };
  const std::string named = "attack hostile, in craft";
  check_ended(isolated("exit_by_kernel"), named, "ended its process with exit code 0");
  check_ended(isolated("kill"), named, "was ended by the signal SIGKILL");
  check_ended(isolated("loop_forever"), named, "used more than 1 s of processor time");
  // The thread goes on writing, and may do so between the two answers that are compared.
  const std::string left = isolated("leave_thread").err;
  CHECK_THAT(left, contains(named + ": started a thread and left it; fix the ") ||
                       contains(named + ": answered the same input differently"));
  check_ended(isolated("fork_quietly"), named, "started a process of its own");
}

TEST_CASE("a thread of a plugin that calls exit ends no run as done") {
  const Outcome outcome = run_hostile("/adversary/workers", "hostile", "exit_in_thread");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("error: a thread that a plugin started: called exit(0)"));
}

TEST_CASE("writes into the heap of an isolated plugin change no result") {
  if (kAddressSanitizer) {
    WARN("the address sanitizer reports these writes first");
    return;
  }
  const Outcome harmless = run_hostile("/adversary/workers", "hostile", "none");
  REQUIRE(harmless.exit_code == 0);
  const Outcome outcome =
      run_hostile("/adversary/workers", "hostile", "write_heap", {"--isolate-plugins"});
  if (outcome.exit_code == 0)
    CHECK(Json::parse(outcome.out)["final"] == Json::parse(harmless.out)["final"]);
  else
    CHECK_THAT(outcome.err, contains("plugin " + kHostile + ", attack hostile, in craft: "));
}

TEST_CASE("a plugin that ends the process as it is loaded is named") {
  for (const auto& [how, sentence] : std::map<std::string, std::string>{
           {"exit_0", "called exit(0)"},
           {"abort", "received the signal SIGABRT (abort or a failed assertion)"},
           {"read_null", "received the signal SIGSEGV (memory that it must not use)"}})
    for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"}}) {
      const Outcome outcome =
          run_hostile("/adversary/workers", "hostile", "none", more, {{"HOSTILE_AT_LOAD", how}});
      INFO(how);
      check_ended(outcome, "while it is loaded", sentence);
    }
  check_ended(run_hostile("/adversary/workers", "hostile", "none", {"--isolate-plugins"},
                          {{"HOSTILE_AT_LOAD", "exit_by_kernel"}}),
              "while it is loaded", "ended its process with exit code 0");
}

TEST_CASE("a plugin that changes the process as it is loaded is refused") {
  const Outcome outcome = run_hostile("/adversary/workers", "hostile", "none", {},
                                      {{"HOSTILE_AT_LOAD", "change_directory"}});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("error: " + kHostile +
                                   ": changed the working directory when it was loaded; "));
}

TEST_CASE("what a plugin prints goes to standard error, and results keep standard output") {
  for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"}}) {
    const Outcome outcome = run_hostile("/adversary/workers", "hostile", "print", more);
    CHECK(outcome.exit_code == 0);
    CHECK(Json::parse(outcome.out)["status"] == "trained");
    CHECK_THAT(outcome.out, StartsWith("{") && EndsWith("}\n") && !contains("chatter"));
    CHECK_THAT(outcome.err, contains("chatter\nmore\n"));
  }
}

TEST_CASE("a plugin that unloads itself stays loaded") {
  CHECK(run_hostile("/adversary/workers", "hostile", "unload_itself").exit_code == 0);
}

TEST_CASE("an error text of any length is cut") {
  const Outcome outcome = run_hostile("/adversary/workers", "hostile", "long_error");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("failed: " + std::string(1000, 'e') + "...; fix the plugin"));
}

TEST_CASE("a plugin's declarations are read only as far as they may go") {
  for (const auto& [what, sentence] : std::map<std::string, std::string>{
           {"words", "parameter \"a\" has more than 256 keywords; a null pointer ends them"},
           {"name", "has no name of a-z, 0-9 and _ that begins with a letter and has at most 64"},
           {"summary", "has a text of more than 1000 bytes"},
           {"strategies", "attacks; 256 are the most"},
           {"parameters", "has 1000000 parameters; 64 are the most"},
           {"pointer", "while it is loaded: received the signal SIGSEGV"}}) {
    const Outcome outcome = Sandbox().byzsim({"list", "--plugin", plugin("overdeclared")}, "",
                                             {{"OVERDECLARED", what}});
    INFO(what);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains(plugin("overdeclared")) && contains(sentence));
  }
  CHECK_THAT(Sandbox()
                 .byzsim({"list", "attacks", "--plugin", plugin("overdeclared")}, "",
                         {{"OVERDECLARED", "unprintable"}})
                 .out,
             contains(R"(red \x1b[31m \xff)"));
}

TEST_CASE("a sweep goes on after a plugin that ends the process, and exits with 2") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim(
      {"sweep", "run", "-", "--out", "there", "--jobs", "2", "--plugin", kHostile, "--set",
       "/adversary/workers=" + choice("hostile", "none"), "--axis",
       "/adversary/workers/parameters/how=exit_0,none,read_null,exit_by_kernel,count_calls,kill",
       "--repeat", "2"},
      kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.out, contains("2 runs done, 0 of them before, 10 failed"));
  CHECK_THAT(outcome.err, contains("attack hostile, in craft: called exit(0)"));
  CHECK_THAT(outcome.err, contains("a plugin: ended the run with exit code 0; use "
                                   "--isolate-plugins, which names it"));
}

TEST_CASE("a plugin in a process of its own gives the same bits, on any number of threads") {
  const std::string counterparts = plugin("counterparts");
  for (const Arguments& sets :
       {Arguments{"/adversary/workers=other_gaussian", "/workers/aggregator=other_average"},
        Arguments{"/adversary/servers=agreeing", "/adversary/workers=agreeing"},
        Arguments{"/adversary/scheduler=other_burst", "/servers/aggregator=other_average"}}) {
    std::set<std::string> digests;
    for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"},
                                  Arguments{"--isolate-plugins", "--threads", "3"}}) {
      Arguments arguments = {"--plugin", counterparts, "--set", sets[0], "--set", sets[1]};
      arguments.insert(arguments.end(), more.begin(), more.end());
      digests.insert(tiny_run(arguments)["digest"]["run"].get<std::string>());
    }
    CHECK(digests.size() == 1);
  }
}

TEST_CASE("an isolated plugin is listed, described, evaluated and verified as any other") {
  const std::string counterparts = plugin("counterparts");
  const auto output = [&](const Arguments& arguments, const std::string& input = "") {
    std::set<std::string> outputs;
    for (const bool isolated : {false, true}) {
      Arguments all = arguments;
      all.insert(all.end(), {"--plugin", counterparts});
      if (isolated) all.push_back("--isolate-plugins");
      outputs.insert(Sandbox().byzsim(all, input).out);
    }
    return outputs;
  };
  CHECK(output({"list"}).size() == 1);
  CHECK(output({"describe", "other_reversed"}).size() == 1);
  CHECK(output({"describe", "other_average"}).size() == 1);
  CHECK(output({"schema", "scenario"}).size() == 1);
  CHECK(output({"eval"},
               R"({"attack": "agreeing", "aggregate": "median", "f": 1, )"
               R"("vectors": [[1], [5], [7]]})") == std::set<std::string>{"{\"vector\":[5.0]}\n"});
  CHECK(output({"eval"}, R"({"attack": {"name": "other_reversed", "parameters": {"factor": 2}}, )"
                         R"("f": 1, "vectors": [[0.1]], "precision": "float64"})") ==
        std::set<std::string>{"{\"vector\":[-0.2]}\n"});
}

TEST_CASE("a plugin that declares its state gives each run of a sweep the result of a run alone") {
  const std::string stateful = plugin("stateful");
  const Sandbox sandbox;
  REQUIRE(sandbox
              .byzsim({"sweep", "run", "-", "--out", "there", "--jobs", "1", "--plugin", stateful,
                       "--set", "/adversary/workers=counting", "--axis", "/seed=1,2,3"},
                      kTinyScenario)
              .exit_code == 0);
  REQUIRE(sandbox.byzsim({"sweep", "merge", "there"}).exit_code == 0);
  const std::vector<std::string> digests = column_of(sandbox.read("there/summary.csv"), "digest");
  REQUIRE(digests.size() == 3);
  for (const char* threads : {"1", "3"})
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(tiny_run({"--plugin", stateful, "--threads", threads, "--set",
                      "/adversary/workers=counting", "--seed",
                      std::to_string(i + 1)})["digest"]["run"] == digests[i]);
}

TEST_CASE("a second run in one process is refused to a plugin that declares its state") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"search", "-", "--plugin", plugin("stateful"), "--set",
                                          "/adversary/workers=counting", "--evaluations", "2"},
                                         kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             contains("declares that it keeps state, and this process has used it in a run "
                      "before; make each run by byzsim run, or by byzsim sweep run"));
}

TEST_CASE("eval keeps its answers when a plugin ends it") {
  const std::string median = R"({"aggregate": "median", "f": 1, "vectors": [[1], [5], [7]]})";
  const Outcome outcome = Sandbox().byzsim(
      {"eval", "--plugin", kHostile}, median + "\n{\"attack\": " + choice("hostile", "exit_0") +
                                          ", \"f\": 1, \"vectors\": [[1], [2]]}\n" + median + "\n");
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out == "{\"vector\":[5.0]}\n");
  CHECK_THAT(outcome.err, contains("attack hostile, in craft: called exit(0)"));
}

}  // namespace byzsim::process::plugin_hostility_test
