// A program among full disks, closed streams, signals and links that lead nowhere: it says so, and
// loses no work over it.
#include <signal.h>
#include <unistd.h>

#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::hostile_surroundings_test {
namespace {

// The program with the tiny scenario on standard input, as a shell starts it: "$0" stands for it.
Outcome in_shell(const Sandbox& sandbox, const std::string& command) {
  sandbox.write("tiny.json", kTinyScenario);
  return sandbox.run({"sh", "-c", command, byzsim_binary()}, kTinyScenario);
}

// For the shell: whether nothing of a timeline is there, which bears another name until it is
// whole.
const std::string kNoTraceYet = "[ -z \"$(find . -name 'trace.json*' -size +0)\" ]";

}  // namespace

TEST_CASE("what cannot be printed is told as that, whichever verb printed it") {
  for (const std::string verb : {"version", "list", "schema scenario", "completions bash",
                                 "run tiny.json --out here --json"}) {
    CAPTURE(verb);
    const Outcome outcome = in_shell(Sandbox(), "exec \"$0\" " + verb + " > /dev/full");
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err ==
          "error: standard output: cannot write: No space left on device; free space at its "
          "destination\n");
  }
}

TEST_CASE("a reader who has read enough is no error") {
  const Outcome outcome =
      in_shell(Sandbox(), "{ \"$0\" schema scenario; echo $? > code; } | head -1");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
}

TEST_CASE("a run goes on where nobody can be told how far it is") {
  for (const std::string stream : {"2>/dev/full", "2>&-", "2>&- >&-"}) {
    CAPTURE(stream);
    const Sandbox sandbox;
    in_shell(sandbox, "\"$0\" run tiny.json --out here");
    // What is there already is told on standard error.
    in_shell(sandbox, "exec \"$0\" run tiny.json --out here " + stream);
    const Outcome again =
        in_shell(sandbox, "exec \"$0\" run tiny.json --out other --record r.json " + stream);
    CHECK(again.exit_code == (stream == "2>&- >&-" ? 2 : 0));
    CHECK(sandbox.holds("other/run.json"));
    CHECK(in_shell(sandbox, "exec \"$0\" run nowhere " + stream).exit_code == 2);
  }
}

TEST_CASE("no file comes to stand for a standard stream that was closed") {
  const Sandbox sandbox;
  const Outcome outcome =
      in_shell(sandbox, "exec \"$0\" run tiny.json --out here --trace trace.json >&-");
  CHECK(outcome.exit_code == 2);
  CHECK(
      outcome.err ==
      "timeline in trace.json, for ui.perfetto.dev\n"
      "error: standard output: cannot write: Bad file descriptor; free space at its destination\n");
  CHECK_NOTHROW(Json::parse(sandbox.read("trace.json")));
}

TEST_CASE("a standard input that cannot be read is an error") {
  for (const std::string verb : {"eval", "run -"})
    for (const std::string stream : {"<&-", "< ."}) {
      CAPTURE(verb, stream);
      const Outcome outcome = in_shell(Sandbox(), "exec \"$0\" " + verb + " " + stream);
      CHECK(outcome.exit_code == 2);
      CHECK(outcome.err == "error: standard input: cannot read: input error\n");
    }
}

TEST_CASE("a file beyond the limit of sizes is an error, and nothing is left of it") {
  const Sandbox sandbox;
  const Outcome outcome =
      in_shell(sandbox, "ulimit -f 1; exec \"$0\" run tiny.json --out here --set /steps=600");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("error: here/"));
  CHECK_THAT(outcome.err, contains("cannot write: File too large; free space there"));
  CHECK(std::distance(fs::directory_iterator(sandbox.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("a repeated run or search that cannot be written fails although an old one exists") {
  const Sandbox sandbox;
  for (const std::string command : {"run tiny.json --set /steps=600 --out run --force",
                                    "search tiny.json --evaluations 30 --out search --force"}) {
    CAPTURE(command);
    REQUIRE(in_shell(sandbox, "exec \"$0\" " + command).exit_code == 0);
    const Outcome outcome = in_shell(sandbox, "ulimit -f 1; exec \"$0\" " + command);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains("cannot write: File too large; free space there"));
  }
}

TEST_CASE("a link that leads to itself is refused by every command") {
  const Sandbox sandbox;
  fs::create_symlink("loop.json", sandbox.path() / "loop.json");
  for (const Arguments& verb : {Arguments{"run"},
                                {"sweep", "run"},
                                {"sweep", "merge"},
                                {"search"},
                                {"figures"},
                                {"report"},
                                {"verify"}}) {
    Arguments arguments = verb;
    arguments.push_back("loop.json");
    const Outcome outcome = sandbox.byzsim(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains("Too many levels of symbolic links; check the path"));
  }
}

TEST_CASE("a record or a shrunk scenario goes through a link to where it leads") {
  const Sandbox sandbox;
  fs::create_symlink("/dev/null", sandbox.path() / "sink");
  const Outcome outcome = in_shell(sandbox, "exec \"$0\" run tiny.json --out here --record sink");
  CHECK(outcome.exit_code == 0);
  CHECK(fs::is_symlink(sandbox.path() / "sink"));
}

TEST_CASE("the end of a terminal interrupts a run and keeps its rows") {
  const Sandbox sandbox;
  sandbox.write("endless.json", tiny_with(R"({"name": "endless", "steps": 1000000000})"));
  const Outcome outcome =
      sandbox.run({"sh", "-c",
                   std::string("\"$0\" run endless.json --out here --trace trace.json & ") +
                       "while " + kNoTraceYet + "; do sleep 0.01; done; kill -HUP $!; wait $!",
                   byzsim_binary()});
  CHECK(outcome.exit_code == 130);
  CHECK(sandbox.holds("here.interrupted/run.json"));
}

TEST_CASE("a run that was started to ignore a signal ignores it") {
  const Sandbox sandbox;
  sandbox.write("longish.json", tiny_with(R"({"steps": 2000})"));
  const Outcome outcome = sandbox.run(
      {"sh", "-c",
       std::string("trap '' HUP INT; \"$0\" run longish.json --out here --trace trace.json & ") +
           "while " + kNoTraceYet + "; do sleep 0.01; done; kill -HUP $!; kill -INT $!; wait $!",
       byzsim_binary()});
  CHECK(outcome.exit_code == 0);
  CHECK(sandbox.holds("here/run.json"));
}

}  // namespace byzsim::process::hostile_surroundings_test
