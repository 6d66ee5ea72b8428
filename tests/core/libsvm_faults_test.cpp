// What is wrong with LIBSVM files is said with its place, all at once.
#include "core/datasets/libsvm_file.h"
#include "tests/core/data_files.h"

namespace byzsim::libsvm_faults_test {
namespace {

using namespace data_files;

// What the second of two lines is refused with.
std::string problem_of_line(const std::string& line, std::uint32_t least_index = 0) {
  const TemporaryFolder folder;
  write_plain(folder.file("set"), "1 1:1\n" + line + "\n0 1:1\n");
  const Issues issues = issues_of([&] { read_libsvm(folder.file("set"), least_index); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == folder.file("set:2"));
  CHECK_FALSE(issues[0].remedy.empty());
  return issues[0].problem;
}

Issues issues_of_set(const Settings& settings, const std::string& data_root = "") {
  const Issues issues =
      issues_of([&] { ask(&DatasetEntry::make, "libsvm", settings, {.data_root = data_root}); });
  CHECK(issues ==
        issues_of([&] { ask(&DatasetEntry::size, "libsvm", settings, {.data_root = data_root}); }));
  return issues;
}

struct TwoFiles {
  TemporaryFolder folder;
  TwoFiles(const std::string& train, const std::string& test) {
    write_plain(folder.file("train"), train);
    write_plain(folder.file("test"), test);
  }
  Settings settings() const {
    return {{"file", folder.file("train")}, {"test_file", folder.file("test")}};
  }
};

}  // namespace

TEST_CASE("a LIBSVM label that is no integer is refused") {
  CHECK(problem_of_line("0.5 1:1") == "label \"0.5\" is not an integer");
  CHECK(problem_of_line("spam 1:1") == "label \"spam\" is not an integer");
  CHECK(problem_of_line("+-1 1:1") == "label \"+-1\" is not an integer");
  CHECK(problem_of_line("1,2 1:1") == "label \"1,2\" is not an integer");
  CHECK(problem_of_line("nan") == "label \"nan\" is not an integer");
  CHECK(problem_of_line("1e300") == "label \"1e300\" is not an integer");
}

TEST_CASE("a LIBSVM row that begins with a pair has no label") {
  CHECK(problem_of_line("3:1 4:1") == "label \"3:1\" is not an integer");
}

TEST_CASE("an empty line between LIBSVM rows is refused") {
  CHECK(problem_of_line("") == "empty line");
  CHECK(problem_of_line("  \r") == "empty line");
}

TEST_CASE("a LIBSVM word that is no pair is refused") {
  CHECK(problem_of_line("1 7") == "\"7\" is not index:value");
  CHECK(problem_of_line("1 a:7") == "\"a:7\" is not index:value");
  CHECK(problem_of_line("1 :7") == "\":7\" is not index:value");
  CHECK(problem_of_line("1 -1:7") == "\"-1:7\" is not index:value");
  CHECK(problem_of_line("1 1.5:7") == "\"1.5:7\" is not index:value");
  CHECK(problem_of_line("1 qid:3 1:7") == "\"qid:3\" is not index:value");
  CHECK(problem_of_line("1 // comment") == "\"//\" is not index:value");
}

TEST_CASE("a long LIBSVM word is shown by its beginning") {
  CHECK(problem_of_line("1 " + std::string(1000, 'x')) ==
        "\"" + std::string(30, 'x') + "...\" is not index:value");
}

TEST_CASE("a LIBSVM index of 0 is refused where indices count from 1") {
  CHECK(problem_of_line("1 0:1", 1) == "index 0 is too small: indices count from 1");
}

TEST_CASE("CSV given to libsvm is answered once, with its data set") {
  const TemporaryFolder folder;
  std::string text = "5.1,3.5,setosa\n";
  for (int i = 0; i < 100; ++i) text += "4.9,3,setosa\n";
  write_plain(folder.file("set"), text);
  const Issues issues = issues_of([&] { read_libsvm(folder.file("set")); });
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) ==
        folder.file("set:1") +
            ": separates values by commas: this is CSV, not LIBSVM's format; read it with the data "
            "set csv (\"data\": {\"name\": \"csv\", ...})");
}

TEST_CASE("LIBSVM indices that do not ascend are refused") {
  CHECK(problem_of_line("1 2:1 5:1 3:1") == "indices out of order: 3 after 5");
  CHECK(problem_of_line("1 2:1 2:1") == "indices out of order: 2 after 2");
}

TEST_CASE("a LIBSVM index that no dense row could hold is refused") {
  CHECK(problem_of_line("1 10000001:1") == "index 10000001 is above 10000000");
  CHECK(problem_of_line("1 99999999999999999999:1") ==
        "index 99999999999999999999 is above 10000000");
}

TEST_CASE("a LIBSVM value that is no finite number is refused") {
  CHECK(problem_of_line("1 4:") == "value \"\" of index 4 is not a finite number");
  CHECK(problem_of_line("1 4:x") == "value \"x\" of index 4 is not a finite number");
  CHECK(problem_of_line("1 4:1,5") == "value \"1,5\" of index 4 is not a finite number");
  CHECK(problem_of_line("1 4:inf") == "value \"inf\" of index 4 is not a finite number");
  CHECK(problem_of_line("1 4:1e39") == "value \"1e39\" of index 4 is not a finite number");
  CHECK(problem_of_line("1 4:1:2") == "value \"1:2\" of index 4 is not a finite number");
}

TEST_CASE("of many faulty LIBSVM lines ten are listed and the others counted") {
  const TemporaryFolder folder;
  std::string text = "1 1:1\n";
  for (int i = 0; i < 13; ++i) text += "x\n";
  write_plain(folder.file("set"), text);
  const Issues issues = issues_of([&] { read_libsvm(folder.file("set")); });
  REQUIRE(issues.size() == 11);
  CHECK(issues[0].where == folder.file("set:2"));
  CHECK(issues[9].where == folder.file("set:11"));
  CHECK(to_string(issues[10]) == folder.file("set") + ": 3 more faulty lines");
}

TEST_CASE("an empty LIBSVM file is refused") {
  const TemporaryFolder folder;
  write_plain(folder.file("set"), "");
  const Issues issues = issues_of([&] { read_libsvm(folder.file("set")); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "contains no examples");
}

TEST_CASE("a LIBSVM gzip file that was only partly fetched is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.file("set.gz");
  write_gzip(path, "1 1:1\n0 1:1\n");
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 2);
  const Issues issues = issues_of([&] { read_libsvm(path); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "file is truncated: its gzip data is incomplete");
}

TEST_CASE("a LIBSVM set without a file says how to name one") {
  const Issues issues = issues_of_set({});
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) ==
        "/data/parameters/file: no file is given; give a path, or the name of a file in the folder "
        "libsvm/ of the environment variable BYZSIM_DATA (which is not set)");
}

TEST_CASE("LIBSVM files that do not exist are named together") {
  const Issues issues = issues_of_set({{"file", "no-such"}, {"test_file", "/no/such"}}, "/root/of");
  REQUIRE(issues.size() == 2);
  CHECK(issues[0].where == "/data/parameters/file");
  CHECK(issues[0].problem ==
        "no such file: no-such, neither beside the scenario nor in the working directory " +
            std::filesystem::current_path().string());
  CHECK(issues[0].remedy ==
        "give a path, or the name of a file in the folder libsvm/ of the environment variable "
        "BYZSIM_DATA (/root/of/libsvm)");
  CHECK(issues[1].where == "/data/parameters/test_file");
  CHECK(issues[1].problem == "no such file: /no/such");
}

TEST_CASE("faulty lines of both LIBSVM files are reported together") {
  const TwoFiles files("1 1:1\nx\n", "1 -1:1\n");
  const Issues issues = issues_of_set(files.settings());
  REQUIRE(issues.size() == 2);
  CHECK(issues[0].where == files.folder.file("train:2"));
  CHECK(issues[1].where == files.folder.file("test:1"));
}

TEST_CASE("a LIBSVM test label that the training file lacks is refused with its line") {
  const TwoFiles files("1 1:1\n2 1:1\n", "1 1:1\n3 1:1\n");
  const Issues issues = issues_of_set(files.settings());
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) == files.folder.file("test:2") + ": label 3 does not occur in " +
                                    files.folder.file("train") +
                                    "; take both files from one source");
}

TEST_CASE("a LIBSVM test label has its line though comments precede it") {
  const TwoFiles files("1 1:1\n2 1:1\n", "# a comment\n1 1:1\n3 1:1\n");
  const Issues issues = issues_of_set(files.settings());
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == files.folder.file("test:3"));
}

TEST_CASE("a LIBSVM file with one label alone is refused") {
  const TwoFiles files("1 1:1\n1 1:1\n", "1 1:1\n");
  const Issues issues = issues_of_set(files.settings());
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == files.folder.file("train"));
  CHECK(issues[0].problem == "has only the label 1, but classification needs two");
}

TEST_CASE("fewer features than the LIBSVM files need are refused") {
  const TwoFiles files("1 1:1\n0 3:1\n", "1 4:1\n");
  Settings settings = files.settings();
  settings.emplace_back("features", std::int64_t{3});
  const Issues issues = issues_of_set(settings);
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) == "/data/parameters/features: 3 features are fewer than index 4 of " +
                                    files.folder.file("test") +
                                    " needs; use at least 4, or 0 for the largest index");
}

TEST_CASE("a LIBSVM set without any feature is refused unless their count is given") {
  const TwoFiles files("1\n0\n", "1\n");
  const Issues issues = issues_of_set(files.settings());
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "has no features");
  Settings settings = files.settings();
  settings.emplace_back("features", std::int64_t{2});
  CHECK(issues_of_set(settings).empty());
}

TEST_CASE("a fraction that leaves a part of a LIBSVM file empty is refused") {
  const TwoFiles files("1 1:1\n0 1:1\n", "");
  const auto issues_with = [&](double fraction) {
    return issues_of_set({{"file", files.folder.file("train")}, {"test_fraction", fraction}});
  };
  REQUIRE(issues_with(0.1).size() == 1);
  CHECK(to_string(issues_with(0.1)[0]) ==
        "/data/parameters/test_fraction: 0.1 of 2 examples leaves no test example; use another "
        "fraction, or give a test file");
  REQUIRE(issues_with(1).size() == 1);
  CHECK(issues_with(1)[0].problem == "1 of 2 examples leaves no training example");
  CHECK(issues_with(0.5).empty());
}

}  // namespace byzsim::libsvm_faults_test
