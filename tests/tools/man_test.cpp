// Manual pages: one for every command, with every option that its help shows.
#include "tests/places.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::man_test {
namespace {

namespace fs = std::filesystem;

std::string output_of(const Arguments& arguments) {
  const Outcome outcome = Sandbox().byzsim(arguments);
  CHECK(outcome.exit_code == 0);
  return outcome.out;
}

// The words that begin with "--" in the lines of --help that declare an option.
std::vector<std::string> options_in(const std::string& help) {
  std::vector<std::string> options;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    for (std::string word; words >> word && word[0] == '-';)
      if (word.rfind("--", 0) == 0) options.push_back(word);
  }
  return options;
}

// As roff writes it: "--out" is "\-\-out".
std::string in_roff(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '-' ? std::string("\\-") : std::string(1, c);
  return result;
}

}  // namespace

TEST_CASE("every command has a manual page with all options of its help") {
  for (const Arguments& command : std::vector<Arguments>{
           {"run"}, {"search"}, {"figures"}, {"eval"}, {"man"}, {"sweep", "plan"}}) {
    const std::string page_name = command.size() == 2 ? "sweep-plan" : command[0];
    CAPTURE(page_name);
    const std::string page = output_of({"man", page_name});
    CHECK_THAT(page, StartsWith(".TH BYZSIM") && contains(".SH SYNOPSIS") &&
                         contains(".SH EXIT STATUS") && contains(".SH EXAMPLES"));
    Arguments asked = command;
    asked.push_back("--help");
    for (const std::string& option : options_in(output_of(asked)))
      CHECK_THAT(page, contains("\\fB" + in_roff(option) + "\\fR"));
  }
}

TEST_CASE("man --out writes a page for byzsim and for each of its commands") {
  const Sandbox sandbox;
  CHECK(sandbox.byzsim({"man", "--out", "man1"}).exit_code == 0);
  const std::string whole = output_of({"man"});
  for (const char* name : {"byzsim", "byzsim-run", "byzsim-sweep", "byzsim-sweep-merge"})
    CHECK(fs::exists(sandbox.path() / "man1" / (std::string(name) + ".1")));
  CHECK_THAT(whole, contains("\\fBbyzsim\\-sweep\\fR(1)") && contains("BYZSIM_DATA"));
}

TEST_CASE("manual pages are without fault to groff") {
  const Sandbox sandbox;
  if (sandbox.run({"sh", "-c", "command -v groff"}).exit_code != 0) return;
  REQUIRE(sandbox.byzsim({"man", "--out", "man1"}).exit_code == 0);
  const Outcome checked =
      sandbox.run({"sh", "-c", "for page in man1/*; do groff -man -Tascii -ww -z $page; done"});
  CHECK(checked.err.empty());
}

TEST_CASE("the manual page of an unknown command is refused with the nearest") {
  const Outcome outcome = Sandbox().byzsim({"man", "sweep-pln"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             StartsWith("error: unknown command 'sweep-pln'; did you mean 'sweep-plan'?"));
  CHECK(outcome.err.find("one of:") == std::string::npos);
}

}  // namespace byzsim::process::man_test
