// A strategy is one source file and one line of a .def, and every source file is compiled.
#include <set>

#include "tests/catch.h"
#include "tests/tools/source_tree.h"

namespace byzsim::source_tree::strategy_files_test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::vector<SourceFile>& files, const std::string& path) {
  for (const SourceFile& file : files)
    if (file.path == path) return file.text;
  return "";
}

std::string folder_of(const std::string& path) { return fs::path(path).parent_path().string(); }

// "core/rules/rules.def" -> {"core/rules/average.cpp", ...}; a line of another form stays itself.
Lines sources_of_def(const SourceFile& def) {
  static const std::regex pattern(R"(STRATEGY\(([a-z0-9_]+)\))");
  Lines sources;
  for (const std::string& line : lines_of(def.text)) {
    std::smatch match;
    const bool fine = std::regex_match(line, match, pattern);
    sources.push_back(fine ? folder_of(def.path) + "/" + match[1].str() + ".cpp"
                           : def.path + ": " + line);
  }
  return sources;
}

// The .cpp files that a CMakeLists.txt names, from the root.
Lines sources_of_cmake(const SourceFile& cmake) {
  static const std::regex comment("#.*"), pattern(R"([\w/]+\.cpp\b(?!\.in))");
  const std::string text = std::regex_replace(cmake.text, comment, "");
  Lines sources;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), pattern);
       it != std::sregex_iterator(); ++it)
    sources.push_back(folder_of(cmake.path) + "/" + it->str());
  return sources;
}

// What a folder holds, as its list is called.
std::string kind_of(const std::string& folder) {
  const std::string name = fs::path(folder).filename().string();
  if (name == "search") return "searches";
  return name == "graphs" ? "topologies" : name;
}

// Lists of commands in tools/ name functions, which the linker looks for.
bool is_def(const SourceFile& file) {
  return ends_with(file.path, ".def") && room_of(file.path) != "tools";
}

std::set<std::string> listed_in_defs(const std::vector<SourceFile>& files) {
  std::set<std::string> listed;
  for (const SourceFile& file : files)
    if (is_def(file))
      for (const std::string& source : sources_of_def(file)) listed.insert(source);
  return listed;
}

Lines lines_without_source(const std::vector<SourceFile>& files) {
  Lines found;
  for (const std::string& source : listed_in_defs(files))
    if (text_of(files, source).empty()) found.push_back(source);
  return found;
}

// Files that define something in the namespace of their folder's table ("rules_list") and have no
// line in its .def.
Lines strategies_without_line(const std::vector<SourceFile>& files) {
  const std::set<std::string> listed = listed_in_defs(files);
  Lines found;
  for (const SourceFile& file : files) {
    const std::string folder = folder_of(file.path), kind = kind_of(folder);
    if (!ends_with(file.path, ".cpp") || text_of(files, folder + "/" + kind + ".def").empty())
      continue;
    const bool defines = file.text.find(kind + "_list {") != std::string::npos;
    const bool is_table =
        file.text.find("#include \"" + folder + "/" + kind + ".def\"") != std::string::npos;
    if (defines && !is_table && listed.count(file.path) == 0) found.push_back(file.path);
  }
  return found;
}

Lines files_not_compiled(const std::vector<SourceFile>& files) {
  std::set<std::string> compiled = listed_in_defs(files);
  for (const SourceFile& file : files)
    if (ends_with(file.path, "/CMakeLists.txt"))
      for (const std::string& source : sources_of_cmake(file)) compiled.insert(source);
  static const std::regex globbed(R"(tests/\w+/\w+_test\.cpp)");
  Lines found;
  for (const SourceFile& file : files)
    if (ends_with(file.path, ".cpp") && compiled.count(file.path) == 0 &&
        !std::regex_match(file.path, globbed))
      found.push_back(file.path);
  return found;
}

const std::vector<SourceFile> kMadeUp = {
    {"core/CMakeLists.txt",
     "add_library(core\n  rules/rule.cpp\n  rules/sorting.cpp)  # old.cpp\n"},
    {"core/rules/rule.cpp", "namespace byzsim::rules_list {\n#include \"core/rules/rules.def\"\n"},
    {"core/rules/rules.def", "STRATEGY(median)\n"},
    {"core/rules/median.cpp", "namespace byzsim::rules_list {\n"},
    {"core/rules/sorting.cpp", "namespace byzsim {\n"},
    {"tests/core/median_test.cpp", "int y;\n"}};

std::vector<SourceFile> made_up_and(const SourceFile& file) {
  std::vector<SourceFile> files = kMadeUp;
  files.push_back(file);
  return files;
}

}  // namespace

TEST_CASE("every folder of strategies has its list") {
  Lines lists;
  for (const SourceFile& file : tree())
    if (is_def(file)) lists.push_back(file.path);
  std::sort(lists.begin(), lists.end());
  CHECK(lists == Lines{"adversaries/attacks/attacks.def", "adversaries/schedulers/schedulers.def",
                       "adversaries/search/searches.def", "core/compressors/compressors.def",
                       "core/datasets/datasets.def", "core/graphs/topologies.def",
                       "core/local_works/local_works.def", "core/models/models.def",
                       "core/participations/participations.def", "core/partitions/partitions.def",
                       "core/pre_aggregators/pre_aggregators.def", "core/rates/rates.def",
                       "core/rules/rules.def", "core/server_optimizers/server_optimizers.def",
                       "core/worker_algorithms/worker_algorithms.def",
                       "sim/network/delays/delays.def", "sim/network/faults/faults.def",
                       "sim/protocols/protocols.def"});
  for (const std::string& list : lists)
    CHECK(fs::path(list).stem().string() == kind_of(folder_of(list)));
}

TEST_CASE("every line of a list has its source file") {
  CHECK(lines_without_source(kMadeUp) == kNothing);
  CHECK(lines_without_source(made_up_and({"core/models/models.def", "STRATEGY(mlp)\n"})) ==
        Lines{"core/models/mlp.cpp"});
  CHECK(lines_without_source(made_up_and({"core/models/models.def", "STRATEGY (mlp)\n"})) ==
        Lines{"core/models/models.def: STRATEGY (mlp)"});
  CHECK(lines_without_source(tree()) == kNothing);
}

TEST_CASE("every strategy has its line") {
  CHECK(strategies_without_line(kMadeUp) == kNothing);
  CHECK(strategies_without_line(
            made_up_and({"core/rules/krum.cpp", "namespace byzsim::rules_list {\n"})) ==
        Lines{"core/rules/krum.cpp"});
  CHECK(strategies_without_line(
            {{"adversaries/search/searches.def", "STRATEGY(random)\n"},
             {"adversaries/search/lost.cpp", "namespace byzsim::searches_list {\n"}}) ==
        Lines{"adversaries/search/lost.cpp"});
  CHECK(strategies_without_line(tree()) == kNothing);
}

TEST_CASE("every source file is compiled") {
  CHECK(files_not_compiled(kMadeUp) == kNothing);
  CHECK(files_not_compiled(made_up_and({"core/old.cpp", ""})) == Lines{"core/old.cpp"});
  CHECK(files_not_compiled(made_up_and({"tests/core/deeper/a_test.cpp", ""})) ==
        Lines{"tests/core/deeper/a_test.cpp"});
  CHECK(files_not_compiled(tree()) == kNothing);
}

}  // namespace byzsim::source_tree::strategy_files_test
