// What is wrong with CSV files is reported with its place, a few issues a file.
#include "core/datasets/csv_file.h"
#include "tests/core/data_files.h"

namespace byzsim::csv_faults_test {
namespace {

using namespace data_files;

Issues issues_of_text(const std::string& text, const CsvOptions& options = {}) {
  const TemporaryFolder folder;
  write_plain(folder.file("set"), text);
  Issues issues = issues_of([&] { read_csv(folder.file("set"), options); });
  for (Issue& issue : issues)
    if (issue.where.starts_with(folder.path().string()))
      issue.where.erase(0, folder.path().string().size() + 1);
  return issues;
}

/// The only issue of a file with this text.
Issue issue_of(const std::string& text, const CsvOptions& options = {}) {
  const Issues issues = issues_of_text(text, options);
  REQUIRE(issues.size() == 1);
  CHECK_FALSE(issues[0].remedy.empty());
  return issues[0];
}

/// What the third of four lines is refused with.
std::string problem_of_line(const std::string& line) {
  const Issue issue = issue_of("a,b,kind\n1,2,0\n" + line + "\n3,4,1\n");
  CHECK(issue.where == "set:3");
  return issue.problem;
}

Issues issues_of_set(const std::string& train, const std::string& test, const Settings& more = {}) {
  const TemporaryFolder folder;
  write_plain(folder.file("train"), train);
  write_plain(folder.file("test"), test);
  Settings settings = {{"file", folder.file("train")}, {"test_file", folder.file("test")}};
  settings.insert(settings.end(), more.begin(), more.end());
  Issues issues = issues_of([&] { ask(&DatasetEntry::make, "csv", settings); });
  CHECK(issues == issues_of([&] { ask(&DatasetEntry::size, "csv", settings); }));
  for (Issue& issue : issues) issue.where.erase(0, folder.path().string().size() + 1);
  return issues;
}

}  // namespace

TEST_CASE("a CSV value that is no finite number is refused with its column") {
  CHECK(problem_of_line("1,x,0") == "value \"x\" of column \"b\" is not a finite number");
  CHECK(problem_of_line("inf,1,0") == "value \"inf\" of column \"a\" is not a finite number");
  CHECK(problem_of_line("1e39,1,0") == "value \"1e39\" of column \"a\" is not a finite number");
  CHECK(problem_of_line("1;5,1,0") == "value \"1;5\" of column \"a\" is not a finite number");
}

TEST_CASE("without a header a CSV column is shown by its index") {
  CHECK(issue_of("1,2,0\n1,x,0\n").problem ==
        "value \"x\" of column 1 (counted from 0) is not a finite number");
}

TEST_CASE("a missing CSV value is refused with its column") {
  const Issue issue = issue_of("a,b,kind\n1,2,0\n1,,0\n");
  CHECK(to_string(issue) ==
        "set:3: value of column \"b\" is missing; remove the line or fill the value in");
}

TEST_CASE("marks of a missing CSV value are recognized in any case") {
  for (const char* mark : {"", "\"\"", "NA", "na", "N/A", "nan", "NaN", "?", "null", "NULL"})
    CHECK(problem_of_line(std::string("1,") + mark + ",0") == "value of column \"b\" is missing");
}

TEST_CASE("a missing CSV label is refused") {
  CHECK(problem_of_line("1,2,") == "label is missing");
  CHECK(problem_of_line("1,2,NA") == "label is missing");
}

TEST_CASE("a text label is refused in a CSV file for regression") {
  const Issues issues = issues_of_set("1,0.5\n2,setosa\n", "1,0\n", {{"task", "regression"}});
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) ==
        "train:2: label \"setosa\" is text; regression needs numbers: choose another label column, "
        "or set \"task\" to \"classification\"");
}

TEST_CASE("an infinite CSV label is refused with its line") {
  const Issues issues = issues_of_set("1,0\n2,inf\n3,1e400\n", "1,0\n");
  REQUIRE(issues.size() == 2);
  CHECK(to_string(issues[0]) ==
        "train:2: label \"inf\" is not a finite number; write a finite number");
  CHECK(issues[1].problem == "label \"1e400\" is not a finite number");
}

TEST_CASE("a name that the CSV training file lacks is refused with its line and the known names") {
  const Issues issues = issues_of_set("1,b\n2,a\n", "1,a\n2,c\n");
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "test:2");
  CHECK_THAT(issues[0].problem, ContainsSubstring("label \"c\" is not a class of "));
  CHECK(issues[0].remedy == "its classes are \"a\", \"b\"");
}

TEST_CASE("numbers and names of classes in one CSV column are refused with a line of each") {
  const Issues issues = issues_of_set("1,0\n2,1\n3,l\n", "1,0\n");
  REQUIRE(issues.size() == 1);
  CHECK(
      to_string(issues[0]) ==
      "train:3: label \"l\" is text, but label \"0\" in line 1 is a number; write numbers for all "
      "classes, or names for all");
}

TEST_CASE("of many CSV class names the first five are shown") {
  const Issues issues = issues_of_set("1,a\n1,b\n1,c\n1,d\n1,e\n1,f\n1,g\n", "1,0\n");
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].remedy == "its classes are \"a\", \"b\", \"c\", \"d\", \"e\" and 2 more");
}

TEST_CASE("a name in a CSV test file is refused where the training file has numbers") {
  const Issues issues = issues_of_set("1,0\n2,1\n", "1,0\n2,a\n");
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "test:2");
  CHECK_THAT(issues[0].problem, ContainsSubstring("label \"a\" is text, but all labels of "));
}

TEST_CASE("CSV files with one name of a class alone are refused") {
  const Issues issues = issues_of_set("1,a\n2,a\n", "1,a\n");
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "has only the label \"a\", but classification needs two");
}

TEST_CASE("a CSV line with another count of fields is refused") {
  CHECK(problem_of_line("1,0") == "has 2 fields, where the first line has 3");
  CHECK(problem_of_line("1,2,0,") == "has 4 fields, where the first line has 3");
}

TEST_CASE("quotes that do not fit are refused in CSV") {
  CHECK(problem_of_line("\"1,2,0") == "has a quote that is not closed on its line");
  CHECK(problem_of_line("\"1\"2,3,0") == "has \"2,3,0\" after a quoted field");
}

TEST_CASE("of many faulty CSV lines ten are listed and the others counted") {
  std::string text = "1,2,0\n";
  for (int i = 0; i < 100; ++i) text += "x,y,z\n";
  const Issues issues = issues_of_text(text, {.header = CsvHeader::no});
  REQUIRE(issues.size() == 11);
  CHECK(issues[0].where == "set:2");
  CHECK(to_string(issues[10]) == "set: 90 more faulty lines");
}

TEST_CASE("a CSV file without examples is refused") {
  CHECK(issue_of("").problem == "contains no examples");
  CHECK(issue_of("\n \n").problem == "contains no examples");
  CHECK(issue_of("a,b,kind\n").problem == "contains no examples");
}

TEST_CASE("a CSV file of one column is refused with how fields are separated") {
  const Issue issue = issue_of("1|2|0\n3|4|1\n");
  CHECK(issue.where == "set:1");
  CHECK(issue.problem == "has one field, where an example has a feature and a label");
  CHECK(issue.remedy == "separate the fields by commas");
}

TEST_CASE("a CSV file separated by semicolons is recognized") {
  CHECK(to_string(issue_of("a;b;kind\n1;2;0\n")) ==
        "set:1: looks separated by ';', not by commas; separate the fields by commas, and write "
        "decimals with a point");
}

TEST_CASE("semicolons between decimals with commas are recognized in CSV") {
  const Issues issues = issues_of_text("0,5;1,5;0\n1,5;2,5;1\n");
  REQUIRE(issues.size() == 2);
  CHECK(issues[0].remedy ==
        "the file looks separated by ';': separate the fields by commas, and write decimals with "
        "a point");
}

TEST_CASE("LIBSVM's format given to csv is answered with its data set") {
  CHECK_THAT(issue_of("1 1:0.5 2:3\n0 1:1\n").remedy, ContainsSubstring("the data set libsvm"));
}

TEST_CASE("a binary file given to csv is refused") {
  CHECK(issue_of(std::string("\x93NUMPY\x01\x00", 8)).problem ==
        "is not text: it contains a zero byte");
}

TEST_CASE("a CSV file that was only partly fetched is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.file("set.gz");
  write_gzip(path, "1,2,0\n3,4,1\n");
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 2);
  REQUIRE(issues_of([&] { read_csv(path, {}); }).size() == 1);
}

TEST_CASE("a CSV label column that is not there is refused at its parameter") {
  CHECK(to_string(issue_of("1,2,0\n", {.label_index = 3})).find("/data/parameters/label: ") == 0);
  CHECK_THAT(issue_of("1,2,0\n", {.label_index = 3}).problem,
             ContainsSubstring("has no column 3: it has 3 columns"));
  CHECK(issue_of("1,2,0\n", {.label_index = -4}).remedy == "use 0 to 2, or -1 for the last");
}

TEST_CASE("a CSV label column of another name is answered with the nearest") {
  CHECK(issue_of("a,b,c,d,e,f,g,h,i,j,kind\n1,2,3,4,5,6,7,8,9,10,0\n", {.label_name = "kinds"})
            .remedy == "did you mean 'kind'?");
}

TEST_CASE("a CSV label column of another name is answered with all of at most ten columns") {
  CHECK(issue_of("a,b,kind\n1,2,0\n", {.label_name = "zzzzzz"}).remedy ==
        "its columns are \"a\", \"b\", \"kind\"");
  CHECK(issue_of("a,b,kind\n1,2,0\n", {.label_name = "kinds"}).remedy ==
        "did you mean 'kind'? its columns are \"a\", \"b\", \"kind\"");
}

TEST_CASE("a CSV label column of another name is answered with the ends of more than ten columns") {
  CHECK(issue_of("a,b,c,d,e,f,g,h,i,j,kind\n1,2,3,4,5,6,7,8,9,10,0\n", {.label_name = "zzzzzz"})
            .remedy == "its columns are \"a\" to \"kind\"");
}

TEST_CASE("a name for the label column of CSV needs a header") {
  CHECK(issue_of("1,2,0\n3,4,1\n", {.label_name = "kind"}).remedy ==
        "give the column's index, counted from 0");
}

TEST_CASE("a CSV label that is no class is refused with its line") {
  const Issues issues = issues_of_set("1,0\n2,-1\n3,0.5\n4,1e9\n", "1,0\n");
  REQUIRE(issues.size() == 3);
  CHECK(to_string(issues[0]) ==
        "train:2: label -1 is negative: classes count from 0; number the classes 0, 1, ..., or set "
        "\"task\" to \"regression\"");
  CHECK(to_string(issues[1]).find("train:3: label 0.5 is not an integer") == 0);
  CHECK(to_string(issues[2]).find("train:4: label 1000000000 is above 99999") == 0);
}

TEST_CASE("a CSV test label above those of the training file is refused with its line") {
  const Issues issues = issues_of_set("1,0\n2,1\n", "1,0\n\n2,2\n");
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "test:3");
  CHECK_THAT(issues[0].problem, ContainsSubstring("label 2 is above 1, the largest of "));
}

TEST_CASE("CSV files with one class alone are refused") {
  const Issues issues = issues_of_set("1,0\n2,0\n", "1,0\n");
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "has only the label 0, but classification needs two");
}

TEST_CASE("CSV files of different columns are refused") {
  REQUIRE(issues_of_set("1,0\n2,1\n", "1,2,0\n").size() == 1);
  CHECK_THAT(issues_of_set("1,0\n2,1\n", "1,2,0\n")[0].problem,
             ContainsSubstring("belongs to rows of 2 features"));
  const Issues named = issues_of_set("a,kind\n1,0\n2,1\n", "b,kind\n1,0\n");
  REQUIRE(named.size() == 1);
  CHECK(named[0].where == "test:1");
  CHECK_THAT(named[0].problem, ContainsSubstring("calls column 0 (counted from 0) \"b\""));
}

TEST_CASE("a target of a regression in CSV must fit float32") {
  const Issues issues = issues_of_set("1,1e300\n", "1,0\n", {{"task", "regression"}});
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "train:1");
  CHECK(issues[0].problem == "target 1e+300 is not a finite number");
}

TEST_CASE("a CSV file that is not found is named with the working directory") {
  const Issues issues = issues_of([] { ask(&DatasetEntry::make, "csv", {{"file", "no-such"}}); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "/data/parameters/file");
  CHECK(issues[0].problem ==
        "no such file: no-such, neither beside the scenario nor in the working directory " +
            std::filesystem::current_path().string());
}

TEST_CASE("a CSV file that is not found at an absolute path is named alone") {
  const Issues issues = issues_of([] { ask(&DatasetEntry::make, "csv", {{"file", "/no/such"}}); });
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].problem == "no such file: /no/such");
}

TEST_CASE("a CSV set without a file says how to name one") {
  const Issues issues = issues_of([] { ask(&DatasetEntry::make, "csv", {}); });
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) ==
        "/data/parameters/file: no file is given; give a path, or the name of a file in the folder "
        "csv/ of the environment variable BYZSIM_DATA (which is not set)");
}

}  // namespace byzsim::csv_faults_test
