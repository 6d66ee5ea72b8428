// A line of the inspector, word by word.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/world/node_set.h"

namespace byzsim {

/// The words of one line, read from the front. Errors name the command and the word.
class LineWords {
 public:
  /// Quotes only group what is read as several words anyway; a relation (">", "<=") is a word of
  /// its own. Bytes of any kind.
  explicit LineWords(const std::string& line);

  bool empty() const { return next_ == words_.size(); }
  /// The next word, which stays; empty at the end.
  std::string peek() const { return empty() ? "" : words_[next_]; }
  /// The next word. Throws InputError at the end: `missing` is what should be there.
  std::string take(const std::string& missing);
  /// Takes the next word if it is this one.
  bool take_if(const std::string& word);
  /// Throws InputError where words are left.
  void expect_end() const;
  /// What is being read, for messages.
  const std::string& command() const { return command_; }

  /// "server 3". Throws InputError for what is no node of the scenario.
  NodeId take_node(const Scenario& scenario);
  /// "servers", "workers 0-4", "server 3". Throws InputError.
  NodeSet take_nodes();
  std::int64_t take_count(const std::string& what);

 private:
  std::vector<std::string> words_;
  std::size_t next_ = 0;
  std::string command_;
};

}  // namespace byzsim
