#include "tools/run/kept_snapshots.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/input/decimal.h"
#include "core/input/issue.h"
#include "core/input/units.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBeginning = "snapshot-";
constexpr const char* kEnding = ".byz";

// "500steps", "500 steps": the number.
std::optional<std::int64_t> steps_in(std::string text) {
  for (const char* ending : {" steps", "steps", " step", "step"})
    if (text.ends_with(ending)) {
      text.resize(text.size() - std::strlen(ending));
      const bool digits = !text.empty() && text.size() <= 12 &&
                          text.find_first_not_of("0123456789") == std::string::npos;
      return digits ? std::optional(std::stoll(text)) : std::nullopt;
    }
  return std::nullopt;
}

std::vector<fs::path> oldest_first(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == kEnding) found.push_back(entry.path());
  // Their names hold the number of events, all in as many digits.
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

SnapshotPlan parse_snapshot_plan(const std::string& text, std::int64_t kept) {
  SnapshotPlan plan;
  plan.kept = kept;
  if (text == "never") return plan;
  if (const auto steps = steps_in(text); steps && *steps > 0) {
    plan.steps = *steps;
    return plan;
  }
  const auto span = parse_duration(text);
  if (!span || *span == 0)
    throw InputError({"--snapshot-every",
                      fmt::format("must be a time above 0, a number of steps, or never; found "
                                  "\"{}\"",
                                  text),
                      "write \"30s\", \"500steps\" or \"never\""});
  plan.seconds = seconds(*span);
  return plan;
}

fs::path folder_of_snapshots(const fs::path& directory) {
  fs::path folder = directory;
  folder += ".partial";
  return folder;
}

std::optional<SnapshotHead> newest_head(const fs::path& directory) {
  for (std::vector<fs::path> found = oldest_first(folder_of_snapshots(directory)); !found.empty();
       found.pop_back()) {
    try {
      return SnapshotFile(found.back()).head();
    } catch (const InputError&) {
      continue;  // newest() reports the reason
    }
  }
  return std::nullopt;
}

bool KeptSnapshots::any() const { return !plan_.never() && !oldest_first(folder_).empty(); }

KeptSnapshots::KeptSnapshots(const fs::path& directory, const SnapshotPlan& plan)
    : folder_(folder_of_snapshots(directory)), plan_(plan) {}

KeptSnapshots::~KeptSnapshots() = default;

bool KeptSnapshots::lock() {
  if (lock_) return true;
  auto lock = std::make_unique<FolderLock>(folder_);
  if (lock->problem()) {
    if (!std::exchange(told_, true))
      tell("note: no snapshots of this run are kept: {}\n", *lock->problem());
    return false;
  }
  lock_ = std::move(lock);
  // What a process that was killed has not finished writing.
  remove_named([](const std::string& name) { return name.find(".tmp-") != std::string::npos; });
  return true;
}

void KeptSnapshots::remove_named(bool (*is_meant)(const std::string& name)) const {
  std::vector<fs::path> meant;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (const std::string name = entry.path().filename().string();
        name.starts_with(kBeginning) && is_meant(name))
      meant.push_back(entry.path());
  for (const fs::path& file : meant) fs::remove(file, error);
}

std::optional<SnapshotFile> KeptSnapshots::newest(const SnapshotHead& run) {
  std::vector<fs::path> found = oldest_first(folder_);
  if (!any() || !lock()) return std::nullopt;
  for (; !found.empty(); found.pop_back()) {
    std::string reason;
    try {
      SnapshotFile file(found.back());
      const std::vector<std::string> differ = differences(file.head(), run);
      if (differ.empty()) {
        last_step_ = file.head().step;
        return file;
      }
      reason = fmt::format("{}: {}", found.back().string(), fmt::join(differ, "; "));
    } catch (const InputError& error) {
      reason = error.what();
    }
    tell("note: the run does not go on from a snapshot: {}\n", reason);
  }
  return std::nullopt;
}

bool KeptSnapshots::is_due(double seconds, const Simulation& simulation) {
  if (plan_.seconds) {
    if (seconds - last_seconds_ < *plan_.seconds) return false;
    last_seconds_ = seconds;
    return true;
  }
  // Looked for only where it counts: it is found by asking all servers.
  if (!plan_.steps || simulation.step() - last_step_ < *plan_.steps) return false;
  last_step_ = simulation.step();
  return true;
}

bool KeptSnapshots::take_folder() {
  if (plan_.never()) return false;
  std::error_code error;  // what fails here is told of by lock()
  fs::create_directories(folder_, error);
  return lock();
}

bool KeptSnapshots::keep(const SnapshotHead& head, const StateWalk& walk) {
  if (!take_folder()) return false;
  const fs::path file = folder_ / fmt::format("{}{:020}{}", kBeginning, head.events, kEnding);
  try {
    write_snapshot(file, head, walk);
  } catch (const InputError& failure) {
    // The last good one stays, and the run goes on.
    if (!std::exchange(told_, true))
      tell("note: no snapshot is kept for now: {}\n", failure.what());
    return false;
  }
  told_ = false;
  std::error_code error;
  const std::vector<fs::path> kept = oldest_first(folder_);
  for (std::size_t i = 0; i + static_cast<std::size_t>(plan_.kept) < kept.size(); ++i)
    fs::remove(kept[i], error);
  return true;
}

void KeptSnapshots::remove_results() {
  std::error_code error;
  if (fs::exists(folder_of_results(), error) && lock()) fs::remove_all(folder_of_results(), error);
}

void KeptSnapshots::remove() {
  std::error_code error;
  if (!fs::exists(folder_, error) || !lock()) return;
  remove_named([](const std::string&) { return true; });
  fs::remove_all(folder_of_results(), error);
  fs::remove(folder_ / FolderLock::kName, error);
  fs::remove(folder_, error);  // unless somebody has put something else there
}

}  // namespace byzsim
