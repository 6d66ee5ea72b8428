#include "tools/inspect/words.h"

#include <fmt/format.h>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "tools/run/moment_name.h"

namespace byzsim {
namespace {

bool is_space_of_line(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '\'';
}

// A word that is a relation: the characters that it consists of.
bool is_relation(char c) { return c == '<' || c == '>'; }

std::vector<std::string> words_in(const std::string& line) {
  std::vector<std::string> words;
  bool open = false, relation = false;
  for (const char c : line) {
    if (is_space_of_line(c)) {
      open = false;
      continue;
    }
    const bool equals = relation && c == '=';
    if (!open || (is_relation(c) || equals) != relation) words.emplace_back();
    relation = is_relation(c) || equals;
    open = true;
    words.back() += c;
  }
  return words;
}

}  // namespace

LineWords::LineWords(const std::string& line) : words_(words_in(line)) {
  if (!words_.empty()) command_ = words_[0];
}

std::string LineWords::take(const std::string& missing) {
  if (empty())
    throw InputError({command_, "missing " + missing, fmt::format("help {} shows how", command_)});
  return words_[next_++];
}

bool LineWords::take_if(const std::string& word) {
  if (peek() != word || empty()) return false;
  ++next_;
  return true;
}

void LineWords::expect_end() const {
  if (empty()) return;
  throw InputError({command_, fmt::format("unexpected argument {}", brief(peek())),
                    fmt::format("help {} shows how", command_)});
}

NodeId LineWords::take_node(const Scenario& scenario) {
  const char* example = scenario.one_role ? "node 3" : "server 3";
  const std::string role = take(fmt::format("a node: {}", example));
  const std::string name = empty() ? role : role + " " + take("");
  const std::optional<NodeId> node = parse_node(name);
  if (!node)
    throw InputError(
        {command_, fmt::format("{} is not a node", brief(name)),
         scenario.one_role ? "write its index: node 3" : "write a role and an index: server 3"});
  const std::int64_t servers = scenario.servers.count - 1, workers = scenario.workers.count - 1;
  if (scenario.one_role && (node->role == Role::worker || node->index > servers))
    throw InputError(
        {command_, name + " is not in this run", fmt::format("it has nodes 0 to {}", servers)});
  if (node->index >= scenario.group_of(node->role).count)
    throw InputError({command_, fmt::format("{} is not in this run", to_string(*node)),
                      fmt::format("it has servers 0 to {} and workers 0 to {}", servers, workers)});
  return *node;
}

NodeSet LineWords::take_nodes() {
  std::string name = take("nodes: servers, or workers 0-4; on a graph nodes 0-4");
  const char next = peek().empty() ? ' ' : peek()[0];
  if (next >= '0' && next <= '9') name += " " + take("");
  const std::optional<NodeSet> nodes = parse_node_set(name);
  if (!nodes)
    throw InputError({command_, fmt::format("{} are not nodes", brief(name)),
                      fmt::format("write {}", kNodeSetForms)});
  return *nodes;
}

std::int64_t LineWords::take_count(const std::string& what) {
  return parse_count(take("the number of " + what), command_, what);
}

}  // namespace byzsim
