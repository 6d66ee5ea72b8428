// The evaluations that a search has finished, in a folder beside its result: after whatever ended
// it, the same search makes the others only. They are gone once the result is there.
//
// One line each, with a digest of itself: a line that a process was killed in is not used. What
// another version of byzsim evaluated is not used either. One process at a time uses the folder.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "adversaries/known_strategies.h"
#include "adversaries/search/search.h"
#include "tools/run/folder_lock.h"

namespace byzsim {

/// The finished evaluations of one search; any thread may ask and add.
class KeptTrials {
 public:
  /// Reads those of an earlier process, if any, and prints why others are not used. `directory` is
  /// that of the result, `search` the search's id. `fresh`: those of an earlier process go.
  KeptTrials(const std::filesystem::path& directory, const std::string& search, bool fresh);

  /// How many were there.
  std::size_t found() const { return found_; }
  /// What the candidate's run came to; nothing where that is not known yet.
  std::optional<Trial> of(const Objective& objective, const Candidate& candidate) const;
  /// Keeps one more. A file that cannot be written is noted once, and the search goes on.
  void add(const Objective& objective, const Trial& trial);
  /// Removes them: the search has ended.
  void remove();

 private:
  // Of a run: the objective's value, and what else a trial states.
  struct Evaluation {
    std::optional<double> value;
    std::string digest;
    bool diverged;
  };

  std::string key_of(const Objective& objective, const Candidate& candidate) const;
  bool read_earlier(const std::string& head);
  void write_line(const std::string& text);
  void give_up(const std::string& reason);

  const ScenarioTables tables_ = scenario_tables();
  std::filesystem::path folder_;
  std::unique_ptr<FolderLock> lock_;  // null: none are kept
  std::ofstream file_;
  std::map<std::string, Evaluation> known_;  // by objective and id of the scenario
  std::size_t found_ = 0;
  mutable std::mutex mutex_;  // of known_ and file_
};

}  // namespace byzsim
