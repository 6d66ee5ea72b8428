// One word for one thing: what users read avoids the words that byzsim has
// better ones for.
#include <map>

#include "tests/catch.h"
#include "tests/tools/source_tree.h"

namespace byzsim::source_tree::language_test {
namespace {

// What is refused, and what to write instead.
const std::vector<std::pair<std::string, std::string>> kRefused = {
    {"liars?|enem(y|ies)|coalition|corrupted", "Byzantine node, adversary"},
    {"correct "
     "(servers?|workers?|nodes?|ones?|models?|gradients?|values?|majority)",
     "honest"},
    {"verbs?|subcommands?", "command"},
    {"utterances?|forged words?", "message, forgery"},
    {"says?|tells?|hears?|heard|speaks?|spoken", "send, receive, report"},
    {"whoever|whom|nobody", "a noun"},
    {"anew|all the same", "again, anyway"},
    {"for ever", "indefinitely"},
    {"so many", "this number of"},
    {"is none of|none of its", "must be one of"},
    {"cut short", "file is truncated"},
    {"stands? (in|twice|behind|beside|above|below)|lies apart", "is"},
    {"is no "
     "(key|verb|option|word|metric|node|number|command|relation|scale|range|"
     "objective)",
     "is not a, unknown"},
    {"mend|mended", "fix"},
    {"others' bytes|other bytes", "differs"}};

// Where a refused word is a name, or means what it says.
const Lines kAllowed = {"01-one-liar-kills-averaging", "03-what-a-byzantine-server-says"};

std::string without_allowed(std::string text) {
  for (const std::string& name : kAllowed)
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at))
      text.erase(at, name.size());
  return text;
}

Lines refused_words(const std::string& text) {
  static const auto patterns = [] {
    std::vector<std::pair<std::regex, std::string>> all;
    for (const auto& [words, instead] : kRefused)
      all.emplace_back(std::regex("\\b(" + words + ")\\b", std::regex::icase), instead);
    return all;
  }();
  Lines found;
  const std::string searched = without_allowed(text);
  for (const auto& [pattern, instead] : patterns)
    if (std::smatch match; std::regex_search(searched, match, pattern))
      found.push_back("\"" + match.str() + "\", better: " + instead);
  return found;
}

// What stands in quotes, adjacent literals as one: a text may be broken
// anywhere. Comments, single characters and includes are left out.
Lines literals_of(const std::string& code) {
  Lines literals;
  bool adjacent = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code.compare(i, 2, "//") == 0 || code.compare(i, 8, "#include") == 0) {
      i = std::min(code.find('\n', i), code.size());
    } else if (code[i] == '\'' && i + 2 < code.size()) {
      const std::size_t length = code[i + 1] == '\\' ? 3 : 2;
      if (code.compare(i + length, 1, "'") == 0) i += length;  // else it groups digits
      adjacent = false;
    } else if (code[i] == '"') {
      if (!adjacent) literals.emplace_back();
      for (++i; i < code.size() && code[i] != '"'; ++i) {
        if (code[i] == '\\') ++i;
        literals.back() += code[i];
      }
      adjacent = true;
    } else if (std::isspace(static_cast<unsigned char>(code[i])) == 0) {
      adjacent = false;
    }
  }
  return literals;
}

// Names and keys have no space: they stay as other programs read them.
bool is_prose(const std::string& literal) { return literal.find(' ') != std::string::npos; }

Lines words_in_literals(const SourceFile& file) {
  Lines found;
  for (const std::string& literal : literals_of(file.text))
    if (is_prose(literal))
      for (const std::string& word : refused_words(literal))
        found.push_back(" " + word + " in: " + literal.substr(0, 60));
  return found;
}

// Names of code in backticks have no space either, and stay as they are in the source.
std::string without_code(const std::string& line) {
  static const std::regex name("`[^` ]*`");
  return std::regex_replace(line, name, "``");
}

Lines words_in_lines(const std::string& path) {
  Lines found;
  const Lines lines = lines_of(read_file(fs::path(source_directory()) / path));
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (const std::string& word : refused_words(without_code(lines[i])))
      found.push_back(path + ":" + std::to_string(i + 1) + ": " + word);
  return found;
}

Lines pages() {
  Lines all = {"README.md", "CONTRIBUTING.md", "scenarios/README.md",
               "scenarios/figures/README.md"};
  for (const std::string& room : kRooms) all.push_back(room + "/README.md");
  for (const auto& entry : fs::directory_iterator(fs::path(source_directory()) / "docs"))
    if (entry.path().extension() == ".md")
      all.push_back("docs/" + entry.path().filename().string());
  return all;
}

Lines shipped_files() {
  Lines all;
  const fs::path root = source_directory();
  for (const auto& entry : fs::recursive_directory_iterator(root / "scenarios"))
    if (entry.path().extension() == ".json")
      all.push_back(fs::relative(entry.path(), root).string());
  return all;
}

Lines words_in_files(const Lines& paths) {
  Lines found;
  for (const std::string& path : paths)
    for (const std::string& word : words_in_lines(path)) found.push_back(word);
  return found;
}

}  // namespace

TEST_CASE("refused words are found as whole words, whatever their case") {
  CHECK(refused_words("Whoever leads is slow").size() == 1);
  CHECK(refused_words("the correct servers and the enemy").size() == 2);
  CHECK(refused_words("\"x\" is none of its words").size() == 1);
  CHECK(refused_words("honest servers; correct the JSON; essays; without_enemy").empty());
  CHECK(refused_words("byzsim figures 01-one-liar-kills-averaging").empty());
  CHECK(refused_words(without_code("`subcommand.h`, `the enemy`")).size() == 1);
}

TEST_CASE("adjacent literals are one text, and comments and characters are none") {
  CHECK(literals_of("f(\"a \"\n  \"b\", '\"', \"c\\\"d\");  // \"e\"") == Lines{"a b", "c\"d"});
  CHECK(literals_of("#include \"a b\"\nx = 1'000'000; y = \"z\";") == Lines{"z"});
}

TEST_CASE(
    "what the program prints avoids the words that byzsim has better "
    "ones for") {
  CHECK(offenders([](const std::string& path) { return room_of(path) != "tests"; },
                  words_in_literals) == kNothing);
}

TEST_CASE("the pages avoid the words that byzsim has better ones for") {
  CHECK(words_in_files(pages()) == kNothing);
}

TEST_CASE(
    "shipped scenarios and figures avoid the words that byzsim has "
    "better ones for") {
  CHECK(words_in_files(shipped_files()) == kNothing);
}

}  // namespace byzsim::source_tree::language_test
