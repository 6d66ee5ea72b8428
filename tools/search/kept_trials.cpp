#include "tools/search/kept_trials.h"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/exact/digest.h"
#include "core/exact/floating_point.h"
#include "core/input/json.h"
#include "sim/results/provenance.h"
#include "sim/scenario/scenario_json.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrialsFile = "trials.txt";
constexpr std::size_t kDigits = 16;  // of a digest

fs::path folder_of_trials(fs::path directory) { return directory += ".partial"; }

// The first line: what the lines below it are of.
std::string head_of_trials(const std::string& search) {
  return Json{{"search", search}, {"version", version_and_revision()}, {"profile", kNumericProfile}}
      .dump();
}

// What a line holds; nothing where its digest does not match.
std::optional<std::string> text_of_line(const std::string& line) {
  if (line.size() <= kDigits + 1 || line[kDigits] != ' ') return std::nullopt;
  std::string text = line.substr(kDigits + 1);
  if (line.compare(0, kDigits, to_hex(digest_of(std::string_view(text)))) != 0) return std::nullopt;
  return text;
}

}  // namespace

KeptTrials::KeptTrials(const fs::path& directory, const std::string& search, bool fresh)
    : folder_(folder_of_trials(directory)) {
  std::error_code error;  // the lock states what fails here
  fs::create_directories(folder_, error);
  lock_ = std::make_unique<FolderLock>(folder_);
  if (lock_->problem()) {
    give_up(*lock_->problem());
    return;
  }
  const std::string head = head_of_trials(search);
  const bool goes_on = !fresh && read_earlier(head);
  found_ = known_.size();
  file_.open(folder_ / kTrialsFile, goes_on ? std::ios::app : std::ios::trunc);
  // A line that was cut off by the end of a process ends here.
  if (goes_on)
    file_ << '\n';
  else
    write_line(head);
}

// Whether the file is there and of this search.
bool KeptTrials::read_earlier(const std::string& head) {
  std::ifstream file(folder_ / kTrialsFile);
  std::string line;
  if (!std::getline(file, line)) return false;
  if (text_of_line(line) != head) {
    tell("note: the search does not go on from {}: it is of another search or version of byzsim\n",
         (folder_ / kTrialsFile).string());
    return false;
  }
  while (std::getline(file, line))
    if (const auto text = text_of_line(line)) {
      const Json json = Json::parse(*text);
      const Json& value = json.at("value");
      known_[json.at("of").get<std::string>()] = {
          value.is_null() ? std::nullopt : std::optional(value.get<double>()),
          json.at("digest").get<std::string>(), json.at("diverged").get<bool>()};
    }
  return true;
}

std::string KeptTrials::key_of(const Objective& objective, const Candidate& candidate) const {
  return objective.name + " " + scenario_id(candidate.scenario, tables_);
}

std::optional<Trial> KeptTrials::of(const Objective& objective, const Candidate& candidate) const {
  const std::string key = key_of(objective, candidate);
  const std::lock_guard lock(mutex_);
  const auto known = known_.find(key);
  if (known == known_.end()) return std::nullopt;
  const auto& [value, digest, diverged] = known->second;
  return Trial{candidate, value, harm_of(objective, value), digest, diverged};
}

void KeptTrials::add(const Objective& objective, const Trial& trial) {
  // JSON has no infinity: such a run is made once more.
  if (!lock_ || (trial.value && !std::isfinite(*trial.value))) return;
  const Json json = {{"of", key_of(objective, trial.candidate)},
                     {"value", trial.value ? Json(*trial.value) : Json()},
                     {"digest", trial.digest},
                     {"diverged", trial.diverged}};
  const std::lock_guard lock(mutex_);
  write_line(json.dump());
}

void KeptTrials::write_line(const std::string& text) {
  if (!lock_) return;
  file_ << to_hex(digest_of(std::string_view(text))) << ' ' << text << std::endl;
  if (!file_)
    give_up(fmt::format("{}: cannot write: {}", (folder_ / kTrialsFile).string(),
                        std::strerror(errno)));
}

void KeptTrials::give_up(const std::string& reason) {
  tell("note: if this search is interrupted, it starts from the beginning: {}\n", reason);
  lock_.reset();
}

void KeptTrials::remove() {
  if (!lock_) return;
  std::error_code error;
  file_.close();
  fs::remove(folder_ / kTrialsFile, error);
  fs::remove(folder_ / FolderLock::kName, error);
  fs::remove(folder_, error);  // unless somebody has put something else there
}

}  // namespace byzsim
