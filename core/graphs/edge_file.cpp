#include "core/graphs/edge_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

#include "core/datasets/gzip_file.h"
#include "core/datasets/text_lines.h"

namespace byzsim {
namespace {

constexpr const char* kEdgeRemedy = "write each edge as two integers, such as `0 1` or `0,1`";

struct EdgeLine {
  Edge edge;
  std::size_t line;
};

// The words of a line without its comment. A comma separates as blanks do, but two of them have an
// empty word between.
std::vector<std::string_view> words_of_edge(std::string_view line) {
  constexpr std::string_view separators = " \t\r,";
  line = line.substr(0, line.find('#'));
  std::vector<std::string_view> words;
  bool after_comma = false;
  while (!line.empty()) {
    const std::size_t length = std::min(line.find_first_of(separators), line.size());
    if (length > 0)
      words.push_back(line.substr(0, length));
    else if (line.front() == ',' && after_comma)
      words.push_back("");
    if (length > 0)
      after_comma = false;
    else if (line.front() == ',')
      after_comma = true;
    line.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return words;
}

std::optional<std::uint32_t> vertex_of(std::string_view word) {
  std::uint32_t vertex = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, vertex);
  if (error != std::errc() || stop != end || vertex >= kMostVertices) return std::nullopt;
  return vertex;
}

// What is wrong with a line that has words.
std::optional<RowFault> fault_of_edge(const std::vector<std::string_view>& words, Edge& edge) {
  if (words.size() != 2)
    return RowFault{fmt::format("has {} {}, where an edge has two", words.size(),
                                words.size() == 1 ? "word" : "words"),
                    kEdgeRemedy};
  for (const std::string_view word : words)
    if (!vertex_of(word))
      return RowFault{
          fmt::format("{} is not an integer in [0, {}]", shown_word(word), kMostVertices - 1),
          "nodes are numbered from 0"};
  edge = {*vertex_of(words[0]), *vertex_of(words[1])};
  if (edge.first != edge.second) return std::nullopt;
  return RowFault{fmt::format("joins node {} to itself", edge.first), "remove the line"};
}

// Two names; what merely looks unlike a number, "(0" say, is a fault.
bool is_header(const std::vector<std::string_view>& words) {
  const auto is_name = [](std::string_view word) {
    return !word.empty() && (word.front() == '_' || (word.front() >= 'a' && word.front() <= 'z') ||
                             (word.front() >= 'A' && word.front() <= 'Z'));
  };
  return words.size() == 2 && is_name(words[0]) && is_name(words[1]) && !is_number(words[0]) &&
         !is_number(words[1]);
}

// By edge and then by line: what is repeated follows what it repeats.
bool comes_before(const EdgeLine& a, const EdgeLine& b) {
  return std::tie(a.edge, a.line) < std::tie(b.edge, b.line);
}

void report_repeated(std::vector<EdgeLine> lines, RowFaults& faults) {
  std::sort(lines.begin(), lines.end(), comes_before);
  std::vector<std::pair<std::size_t, std::size_t>> repeated;  // the line, and the one before
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (lines[i].edge == lines[i - 1].edge) repeated.emplace_back(lines[i].line, lines[i - 1].line);
  std::sort(repeated.begin(), repeated.end());
  for (const auto& [line, before] : repeated)
    faults.add(line, fmt::format("repeats the edge of line {}", before), "remove the line");
}

std::vector<EdgeLine> edge_lines(std::string_view text, RowFaults& faults) {
  std::vector<EdgeLine> lines;
  bool is_first = true;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::vector<std::string_view> words = words_of_edge(next_line(text));
    if (words.empty()) continue;
    const bool passed_over = is_first && is_header(words);
    is_first = false;
    if (passed_over) continue;
    Edge edge;
    if (const auto fault = fault_of_edge(words, edge))
      faults.add(number, fault->problem, fault->remedy);
    else
      lines.push_back({edge, number});
  }
  return lines;
}

}  // namespace

std::vector<Edge> edges_of_text(std::string_view text, const std::string& path) {
  RowFaults faults(path);
  const std::vector<EdgeLine> lines = edge_lines(without_byte_order_mark(text), faults);
  throw_if_any(faults.issues());
  report_repeated(lines, faults);
  throw_if_any(faults.issues());
  if (lines.empty()) throw InputError({path, "contains no edges", kEdgeRemedy});
  std::vector<Edge> edges;
  for (const EdgeLine& line : lines) edges.push_back(line.edge);
  return edges;
}

std::vector<Edge> read_edges(const std::string& path) {
  return edges_of_text(read_text(path), path);
}

}  // namespace byzsim
