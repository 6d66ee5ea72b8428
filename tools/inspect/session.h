// The inspector: a run, a present moment in it, and the commands that move and show it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/inspect/history.h"
#include "tools/inspect/words.h"

namespace byzsim {

/// One command of the inspector, for help.
struct InspectorCommand {
  std::string name;
  std::string usage;    ///< "go PLACE"
  std::string summary;  ///< one line
};
const std::vector<InspectorCommand>& inspector_commands();

/// Reads and carries out one line after the other.
class Session {
 public:
  /// `stop` is asked after every event that runs: whether the user wants it to end.
  Session(History& history, std::function<bool()> stop)
      : history_(history), stop_(std::move(stop)) {}

  /// What the line asks for, as text; empty for an empty line and a comment. Throws InputError for
  /// what it gets wrong, and what a run throws; the present moment then stays what it was, or is
  /// where the run got to.
  std::string run(const std::string& line);
  /// Whether it was told to quit.
  bool done() const { return done_; }
  /// Whether `stop` ended the last line.
  bool was_stopped() const { return stopped_; }

 private:
  friend struct SessionTable;
  std::string go(LineWords& words);
  std::string next(LineWords& words);
  std::string back(LineWords& words);
  std::string until(LineWords& words);
  std::string where(LineWords& words);
  std::string nodes(LineWords& words);
  std::string node(LineWords& words);
  std::string messages(LineWords& words);
  std::string message(LineWords& words);
  std::string distances(LineWords& words);
  std::string model(LineWords& words);
  std::string why(LineWords& words);
  std::string metrics(LineWords& words);
  std::string help(LineWords& words);
  std::string quit(LineWords& words);

  std::string go_to(const MomentName& place);
  std::string after_way(Reached reached);
  std::uint64_t take_event(LineWords& words);
  std::string stopped_text();

  History& history_;
  std::function<bool()> stop_;
  bool done_ = false;
  bool stopped_ = false;
};

}  // namespace byzsim
