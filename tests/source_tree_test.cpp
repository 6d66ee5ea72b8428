// The rules of the house, kept over the source tree itself. Each rule is a function on text, tried
// on made-up texts first and then on every file.
#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/tools/source_tree.h"

namespace byzsim::source_tree::source_tree_test {
namespace {

// Rooms whose numbers reach a digest.
const std::set<std::string> kNumericRooms = {"core", "sim", "adversaries"};

bool everywhere(const std::string&) { return true; }
bool outside_tests(const std::string& path) { return room_of(path) != "tests"; }
bool in_numeric_rooms(const std::string& path) { return kNumericRooms.count(room_of(path)) > 0; }

// --- one function a rule ---

Lines forbidden_rooms(const SourceFile& file) {
  static const std::map<std::string, std::set<std::string>> allowed = {
      {"core", {"core"}},
      {"sim", {"sim", "core"}},
      {"adversaries", {"adversaries", "sim", "core"}},
      {"tools", {"tools", "adversaries", "sim", "core"}},
      {"tests", {"tests", "tools", "adversaries", "sim", "core"}}};
  Lines found;
  for (const std::string& name : included_by(file.text)) {
    const std::string room = room_of(name);
    const bool is_room = std::find(kRooms.begin(), kRooms.end(), room) != kRooms.end();
    if (is_room && allowed.at(room_of(file.path)).count(room) == 0) found.push_back(name);
  }
  return found;
}

// The files that may include each heavy header.
Lines heavy_headers_elsewhere(const SourceFile& file) {
  static const std::map<std::string, Lines> homes = {
      {"nlohmann", {"core/input/json.h"}},
      {"Eigen", {"core/graphs/spectrum.cpp"}},
      {"CLI", {"tools/line/command_line.cpp"}},
      {"nlopt.hpp", {"adversaries/search/nlopt.cpp"}},
      {"tbb", {"core/machine/parallel.cpp"}},
      {"oneapi", {"core/machine/parallel.cpp"}},
      {"Random123", {"core/exact/random.cpp"}},
      {"immintrin.h", {"core/kernels/lanes_avx2.h", "core/kernels/wide_tile.cpp"}},
      {"arm_neon.h", {"core/kernels/lanes_neon.h"}}};
  Lines found;
  for (const std::string& name : included_by(file.text)) {
    const auto home = homes.find(room_of(name));
    // Tests may compare with Eigen.
    if (room_of(name) == "Eigen" && room_of(file.path) == "tests") continue;
    if (home != homes.end() && std::count(home->second.begin(), home->second.end(), file.path) == 0)
      found.push_back(name);
  }
  return found;
}

// Tables grow by what plugins add, and by nothing else.
Lines additions_to_tables(const SourceFile& file) {
  static const std::regex pattern(R"((^|[^\w.])add_(rule|attack|scheduler)\()"
                                  R"((?!Rule |Attack |Scheduler ))");
  return places_of(pattern, file.text);
}

Lines foreign_randomness(const SourceFile& file) {
  static const std::regex pattern(
      R"(#include <random>|\bs?rand\(|std::(mt19937|random_device|\w+_distribution|shuffle)\b)");
  return places_of(pattern, file.text);
}

Lines wall_clock(const SourceFile& file) {
  static const std::regex pattern(R"(#include <(chrono|ctime|time\.h|sys/time\.h)>|std::chrono)"
                                  R"(|\b(gettimeofday|clock_gettime)\b)"
                                  R"(|(^|[^\w.>])(std::)?(time|clock)\((nullptr|NULL|0|&\w*)?\))");
  return places_of(pattern, file.text);
}

Lines prints_of_fmt(const SourceFile& file) {
  static const std::regex pattern(R"(\bfmt::print(ln)?\()");
  return places_of(pattern, file.text);
}

Lines unordered_containers(const SourceFile& file) {
  static const std::regex pattern(R"(unordered_(multi)?(map|set))");
  return places_of(pattern, file.text);
}

// sqrt and the rounding functions are exact and may be used. A bare exp(...) is caught where
// nothing says that it is ours: portable::exp(...), or a declaration.
Lines libm_transcendentals(const SourceFile& file) {
  static const std::regex pattern(
      R"(std::(exp|exp2|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh)"
      R"(|tanh|asinh|acosh|atanh|erf|erfc|tgamma|lgamma|cbrt|hypot)[fl]?\()"
      R"(|(^|[^\w:.])(exp|log|pow|sin|cos|tan|tanh|sinh|cosh|atan|expm1|log1p)[fl]\()"
      R"(|#include <(math|tgmath)\.h>|__builtin_(exp|log|pow|sin|cos|tan))");
  return places_of(pattern, file.text);
}

// Columns count characters: bytes that continue one in UTF-8 are no columns.
Lines long_lines(const SourceFile& file) {
  Lines found;
  const Lines lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto columns =
        std::count_if(lines[i].begin(), lines[i].end(), [](char c) { return (c & 0xc0) != 0x80; });
    if (columns > 100)
      found.push_back(std::to_string(i + 1) + ": " + std::to_string(columns) + " columns");
  }
  return found;
}

// A copy that is written by hand forgets the member that comes next; Cloned<T> copies what is
// owned.
Lines copies_by_hand(const SourceFile& file) {
  static const std::regex pattern(R"(\b(\w+)\(const \1& \w+\)( noexcept)?( :|\s*\{|;))");
  return file.path == "sim/world/cloned.h" ? kNothing : places_of(pattern, file.text);
}

Lines header_faults(const SourceFile& file) {
  if (!ends_with(file.path, ".h")) return {};
  Lines found;
  if (file.text.rfind("// ", 0) != 0) found.push_back(" does not begin with a comment");
  const Lines lines = lines_of(file.text);
  if (std::count(lines.begin(), lines.end(), "#pragma once") != 1)
    found.push_back(" has no #pragma once");
  return found;
}

Lines vague_names(const SourceFile& file) {
  std::istringstream words(
      std::regex_replace(fs::path(file.path).stem().string(), std::regex("[_.-]+"), " "));
  Lines found;
  for (std::string word; words >> word;)
    for (const char* vague : {"manager", "util", "helper", "base", "common", "misc"})
      if (word == vague || word == std::string(vague) + "s") found.push_back(" " + word);
  return found;
}

// Names of tests that CMake's lists or the runner's command line would not pass on whole.
Lines risky_test_names(const SourceFile& file) {
  static const std::regex name(R"re(TEST_CASE\(\s*"([^"]*))re");
  Lines found;
  for (std::sregex_iterator it(file.text.begin(), file.text.end(), name), end; it != end; ++it)
    if (const std::string text = (*it)[1];
        text.find_first_of("[];\\") != std::string::npos || text.rfind("-", 0) == 0)
      found.push_back(" " + text);
  return found;
}

Lines too_many_lines(const SourceFile& file) {
  const auto count = std::count(file.text.begin(), file.text.end(), '\n');
  return count > 450 ? Lines{" " + std::to_string(count) + " lines"} : Lines{};
}

// Types that a header shows to all who include it.
Lines types_of(const SourceFile& file) {
  static const std::regex type(
      R"re((?:^|\n)(?:struct|class) (\w+)(?: final)?(?: : [^{\n]*)? \{)re");
  if (!ends_with(file.path, ".h")) return {};
  Lines found;
  const std::string code = code_of(file.text);
  for (std::sregex_iterator it(code.begin(), code.end(), type), end; it != end; ++it)
    found.push_back((*it)[1]);
  return found;
}

// Two types of one name are one to the linker, which keeps the functions of either.
Lines types_of_one_name(const std::vector<SourceFile>& files) {
  std::map<std::string, std::string> home;
  Lines found;
  for (const SourceFile& file : files)
    for (const std::string& type : types_of(file))
      if (const auto [it, added] = home.emplace(type, file.path); !added)
        found.push_back(type + " in " + it->second + " and " + file.path);
  return found;
}

// What a source defines for itself, between "namespace {" and its end: "shown(" for a function,
// "kNotes" for anything else, each with the line that defines it.
std::map<std::string, std::string> own_names(const SourceFile& file) {
  static const std::regex type(R"(^(?:template <.*> )?(?:struct|class|enum class|enum) (\w+))");
  static const std::regex alias(R"(^using (\w+) = )");
  static const std::regex function(R"(^[^\s/#}=(][^/#}=(]*[ *&](\w+\())");
  static const std::regex constant(
      R"(^(?:const|constexpr|static) [^=({]*?(\w+)(?:\[\w*\])? ?[={])");
  std::map<std::string, std::string> names;
  bool inside = false;
  for (const std::string& line : lines_of(code_of(file.text))) {
    if (line == "namespace {") inside = true;
    if (line == "}  ") inside = false;  // "}  // namespace"
    std::smatch found;
    if (inside &&
        (std::regex_search(line, found, type) || std::regex_search(line, found, alias) ||
         std::regex_search(line, found, constant) || std::regex_search(line, found, function)))
      names.emplace(found[1], line);
  }
  return names;
}

// Sources compiled at once (compile_fast) see each other's names: one of the same name would be an
// error there or, worse, be called instead. Aliases of the same type may stand in several.
Lines own_names_of_two(const std::vector<SourceFile>& files) {
  std::map<std::string, std::pair<std::string, std::string>> home;  // path and line
  Lines found;
  for (const SourceFile& file : files)
    for (const auto& [name, line] : own_names(file)) {
      const auto [it, added] = home.emplace(name, std::pair(file.path, line));
      const bool same_alias = line.rfind("using ", 0) == 0 && it->second.second == line;
      if (!added && !same_alias)
        found.push_back(name + " in " + it->second.first + " and " + file.path);
    }
  return found;
}

bool is_compiled_at_once(const std::string& path) {
  static const std::regex apart(
      "core/kernels/.*|core/datasets/(blobs|cifar10|glyphs|gzip_file|idx|idx_file|linear)[.]cpp|"
      "tools/line/main[.]cpp");
  return ends_with(path, ".cpp") && !std::regex_match(path, apart);
}

}  // namespace

TEST_CASE("the scanner leaves comments and quoted texts out") {
  CHECK(code_of("int a;  // std::exp(1)\n") == "int a;  \n");
  CHECK(code_of("f(\"std::exp(1) \\\" // \", 2);\n") == "f(, 2);\n");
  CHECK(code_of("#include \"core/rules/rule.h\"\n") == "#include \"core/rules/rule.h\"\n");
  CHECK(code_of("char q = '\"'; rand();\n") == "char q = '\"'; rand();\n");
}

TEST_CASE("the tree is read whole") {
  CHECK(tree().size() > 100);
  for (const std::string& room : kRooms)
    CHECK(std::any_of(tree().begin(), tree().end(),
                      [&](const SourceFile& file) { return room_of(file.path) == room; }));
}

TEST_CASE("rooms include only rooms below them") {
  CHECK(forbidden_rooms({"core/a.cpp", "#include \"sim/world/time.h\"\n"}) ==
        Lines{"sim/world/time.h"});
  CHECK(forbidden_rooms({"sim/a.cpp", "#include \"core/a.h\"\n#include \"adversaries/a.h\"\n"}) ==
        Lines{"adversaries/a.h"});
  CHECK(forbidden_rooms({"tools/a.h", "#include \"tests/catch.h\"\n"}) == Lines{"tests/catch.h"});
  CHECK(forbidden_rooms({"tools/a.h", "#include <vector>\n#include \"sim/a.h\"\n"}) == kNothing);
  CHECK(offenders(everywhere, forbidden_rooms) == kNothing);
}

TEST_CASE("each heavy header is included in its own places") {
  CHECK(heavy_headers_elsewhere({"sim/a.h", "#include <nlohmann/json.hpp>\n"}) ==
        Lines{"nlohmann/json.hpp"});
  CHECK(heavy_headers_elsewhere({"core/input/json.h", "#include <nlohmann/json.hpp>\n"}) ==
        kNothing);
  CHECK(heavy_headers_elsewhere({"core/a.cpp", "#include <oneapi/tbb.h>\n"}).size() == 1);
  CHECK(heavy_headers_elsewhere({"core/a.cpp", "#include <Eigen/Dense>\n"}).size() == 1);
  CHECK(heavy_headers_elsewhere({"tests/a.cpp", "#include <Eigen/Dense>\n"}) == kNothing);
  CHECK(offenders(everywhere, heavy_headers_elsewhere) == kNothing);
}

TEST_CASE("nothing is copied member by member") {
  CHECK(copies_by_hand({"sim/a.h", "  A(const A& other);\n"}).size() == 1);
  CHECK(copies_by_hand({"sim/a.cpp", "A::A(const A& other) : b(other.b) {}\n"}).size() == 1);
  CHECK(copies_by_hand({"sim/a.h", "  A(const A&) = delete;\n  A(const B& b);\n"}) == kNothing);
  CHECK(offenders(outside_tests, copies_by_hand) == kNothing);
}

TEST_CASE("no two headers define a type of the same name") {
  CHECK(types_of({"sim/a.h", "struct A {\n  struct B {};\n};\nclass C final : public A {\n};\n"}) ==
        Lines{"A", "C"});
  CHECK(types_of_one_name({{"sim/a.h", "struct A {};\n"}, {"core/b.h", "class A {\n};\n"}}) ==
        Lines{"A in sim/a.h and core/b.h"});
  // A build has one of those that lanes.h chooses from.
  const auto is_lanes = [](const std::string& path) {
    return path.starts_with("core/kernels/lanes_");
  };
  std::vector<SourceFile> product;
  for (const SourceFile& file : tree())
    if (outside_tests(file.path) && !is_lanes(file.path)) product.push_back(file);
  CHECK(types_of_one_name(product) == kNothing);
}

TEST_CASE("sources compiled at once have no local names in common") {
  const SourceFile a{"core/a.cpp",
                     "namespace {\n\nint f(int x) {\n  return g(x);\n}\nusing V = int;\n"
                     "constexpr int kN = 3;\nstruct S {\n};\n\n}  // namespace\nint h() {\n"};
  CHECK(own_names(a).size() == 4);
  CHECK(own_names_of_two({a, {"core/b.cpp", "namespace {\nlong f(long x) {\nusing V = int;\n"}}) ==
        Lines{"f( in core/a.cpp and core/b.cpp"});
  CHECK(own_names_of_two({a, {"core/b.cpp", "long f(long x) {\nnamespace {\nusing V = long;\n"}}) ==
        Lines{"V in core/a.cpp and core/b.cpp"});
  for (const char* room : {"core", "sim", "adversaries", "tools"}) {
    std::vector<SourceFile> sources;
    for (const SourceFile& file : tree())
      if (room_of(file.path) == room && is_compiled_at_once(file.path)) sources.push_back(file);
    CHECK(own_names_of_two(sources) == kNothing);
  }
}

TEST_CASE("only plugins and functions of Python's add to the tables of strategies") {
  CHECK(additions_to_tables({"", "add_rule(std::move(rule));\n"}).size() == 1);
  CHECK(additions_to_tables({"", "void add_rule(Rule rule) { table().add(rule); }\n"}) == kNothing);
  const auto elsewhere = [](const std::string& path) {
    return path != "adversaries/plugins/plugin_library.cpp" &&
           path != "tools/python/module/strategy_module.cpp" &&
           path != "tools/python/module/workload_module.cpp";
  };
  CHECK(offenders(elsewhere, additions_to_tables) == kNothing);
}

TEST_CASE("nothing draws from the standard library's generators") {
  CHECK(foreign_randomness({"", "#include <random>\n"}).size() == 1);
  CHECK(foreign_randomness({"", "int x = std::rand();\n"}) == Lines{"1: rand("});
  CHECK(foreign_randomness({"", "std::normal_distribution<> d;\n"}).size() == 1);
  CHECK(foreign_randomness({"", "int operand(int); brand(1);\n"}) == kNothing);
  CHECK(offenders(everywhere, foreign_randomness) == kNothing);
}

TEST_CASE("nothing is printed by fmt, which does not survive a full disk") {
  CHECK(prints_of_fmt({"", "fmt::print(\"{}\", x);\n"}).size() == 1);
  CHECK(prints_of_fmt({"", "print_text(\"{}\", fmt::join(x, \" \"));\n"}) == kNothing);
  CHECK(offenders(outside_tests, prints_of_fmt) == kNothing);
}

// A file's age says whether its digest may be remembered, never what is computed.
TEST_CASE("only the progress line, the age of input files and tests read the wall clock") {
  CHECK(wall_clock({"", "#include <chrono>\n"}).size() == 1);
  CHECK(wall_clock({"", "auto t = time(nullptr);\n"}).size() == 1);
  CHECK(wall_clock({"", "auto t = std::time(NULL);\n"}).size() == 1);
  CHECK(wall_clock({"", "clock_gettime(CLOCK_MONOTONIC, &t);\n"}).size() == 1);
  CHECK(wall_clock({"", "send_time(0); queue.time(); compute_time(1);\n"}) == kNothing);
  const auto bound = [](const std::string& path) {
    return outside_tests(path) && path != "tools/line/progress.h" &&
           path != "tools/line/progress.cpp" && path != "tools/input/input_files.cpp" &&
           // How often Python is asked for Ctrl-C, and told of progress.
           path != "tools/python/module/run_module.cpp" &&
           !path.starts_with("tools/python/module/interruption.");
  };
  CHECK(offenders(bound, wall_clock) == kNothing);
}

TEST_CASE("no container without an order is used outside tests") {
  CHECK(unordered_containers({"", "std::unordered_map<int, int> m;\n"}).size() == 1);
  CHECK(unordered_containers({"", "#include <unordered_set>\n"}).size() == 1);
  CHECK(unordered_containers({"", "std::map<int, int> m;  // no unordered_map\n"}) == kNothing);
  CHECK(offenders(outside_tests, unordered_containers) == kNothing);
}

TEST_CASE("no transcendental function of libm reaches a number") {
  CHECK(libm_transcendentals({"", "y = std::exp(x);\n"}) == Lines{"1: std::exp("});
  CHECK(libm_transcendentals({"", "y = std::powf(x, 2) + 1;\n"}).size() == 1);
  CHECK(libm_transcendentals({"", "y = expf(x);\n"}).size() == 1);
  CHECK(libm_transcendentals({"", "y = portable::exp(x) + std::sqrt(x);\n"}) == kNothing);
  CHECK(offenders(in_numeric_rooms, libm_transcendentals) == kNothing);
}

TEST_CASE("lines have at most 100 columns") {
  CHECK(long_lines({"", "\n" + std::string(101, 'x') + "\n"}) == Lines{"2: 101 columns"});
  CHECK(long_lines({"", std::string(99, 'x') + "\xc3\xa9\n"}) == kNothing);
  CHECK(offenders(everywhere, long_lines) == kNothing);
}

TEST_CASE("every header begins with a comment and is included once") {
  CHECK(header_faults({"a.h", "#pragma once\n"}) == Lines{" does not begin with a comment"});
  CHECK(header_faults({"a.h", "// What it is.\nint x;\n"}) == Lines{" has no #pragma once"});
  CHECK(header_faults({"a.h", "// What it is.\n#pragma once\n"}) == kNothing);
  CHECK(offenders(everywhere, header_faults) == kNothing);
}

TEST_CASE("no file has a name that says nothing") {
  CHECK(vague_names({"core/string_utils.h", ""}) == Lines{" utils"});
  CHECK(vague_names({"sim/base.h", ""}) == Lines{" base"});
  CHECK(vague_names({"core/datasets.h", ""}) == kNothing);
  Lines found;
  for (const SourceFile& file : tree())
    for (const std::string& word : vague_names(file)) found.push_back(file.path + ":" + word);
  CHECK(found == kNothing);
}

TEST_CASE("no file is longer than 450 lines") {
  std::string long_text;
  for (int i = 0; i < 451; ++i) long_text += "\n";
  CHECK(too_many_lines({"a.h", long_text}) == Lines{" 451 lines"});
  CHECK(too_many_lines({"a.h", long_text.substr(1)}) == kNothing);
  CHECK(offenders(everywhere, too_many_lines) == kNothing);
}

TEST_CASE("a test's name can be handed to CMake and to the runner") {
  CHECK(risky_test_names({"", "TEST_CASE(\"x in [0, 1)\") {"}).size() == 1);
  CHECK(risky_test_names({"", "TEST_CASE(\"--out DIR\") {"}).size() == 1);
  CHECK(risky_test_names({"", "TEST_CASE(\"one; two\") {"}).size() == 1);
  CHECK(risky_test_names({"", "TEST_CASE(\"a plain sentence: n >= 3f + 1\") {"}) == kNothing);
  const auto others = [](const std::string& path) { return path != "tests/source_tree_test.cpp"; };
  CHECK(offenders(others, risky_test_names) == kNothing);
}

}  // namespace byzsim::source_tree::source_tree_test
