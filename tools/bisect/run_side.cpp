#include "tools/bisect/run_side.h"

#include <algorithm>
#include <limits>

#include "tools/bisect/event_lines.h"

namespace byzsim {
namespace {

// Causes lie a few steps back; a step of 100 nodes is some 10,000 events.
constexpr std::size_t kRemembered = 200'000;

}  // namespace

std::vector<EventRecord> events_written_down(const StoredRun& stored) {
  const std::filesystem::path file = stored.directory / "events.jsonl";
  if (!std::filesystem::exists(file)) return {};
  return read_events(read_text(file), file.string());
}

RunSide::RunSide(const StoredRun& stored, std::vector<EventRecord> written, int threads)
    : replay_(stored.scenario, threads),
      rows_(stored_digests(stored)),
      written_(std::move(written)),
      interrupted_(stored.json.value("status", Json()) == "interrupted"),
      event_(replay_.simulation.totals().events) {
  replay_.simulation.keep_scheduled();
  compare_with_trunk();
}

RunSide::RunSide(const Scenario& scenario, int threads)
    // Nothing stored could contradict a mere replay.
    : replay_(scenario, threads),
      event_(replay_.simulation.totals().events),
      confirmed_(std::numeric_limits<std::uint64_t>::max()) {
  replay_.simulation.keep_scheduled();
}

// A branch begins in the state of its trunk, with the digests that the trunk had by then.
void RunSide::compare_with_trunk() {
  const std::vector<DigestRow>& of_trunk = replay_.simulation.digest_rows();
  for (; row_ < rows_.size() && rows_[row_].event <= event_; ++row_) {
    const DigestRow& stored = rows_[row_];
    const auto row = std::find_if(of_trunk.begin(), of_trunk.end(), [&](const DigestRow& each) {
      return each.event == stored.event;
    });
    if (!departed_ && row != of_trunk.end() && row->layers != stored.layers)
      departed_ = stored.event;
  }
  if (!departed_) confirmed_ = event_;
}

std::optional<EventRecord> RunSide::next() {
  if (departed_ || (!rows_.empty() && event_ == rows_.back().event)) return std::nullopt;
  ++event_;
  std::optional<EventRecord> record = event_of_replay();
  // The replay advances all the same: it must stay at the event that is compared.
  if (const EventRecord* written = written_down(event_)) record = *written;
  compare_with_rows(event_, record ? &record->layers : nullptr);
  if (!record) return std::nullopt;
  past_.push_back(*record);
  // Causes are shown without what they led to, which would be most of the memory.
  past_.back().scheduled.clear();
  if (past_.size() > kRemembered) past_.pop_front();
  return record;
}

bool RunSide::confirm(std::uint64_t event) {
  if (!rows_.empty()) event = std::min(event, rows_.back().event);
  while (confirmed_ < event && next()) {
  }
  return confirmed_ >= event;
}

std::optional<EventRecord> RunSide::event_of_replay() {
  const auto occurrence = replay_.simulation.advance();
  if (!occurrence) return std::nullopt;
  return record_of(*occurrence, replay_.simulation);
}

// Several rows may speak of one event: the last of digests.csv and run.json. A run that has ended
// departs from a stored one that goes on.
void RunSide::compare_with_rows(std::uint64_t event, const LayerValues* layers) {
  if (row_ == rows_.size()) return;
  if (!layers) departed_ = rows_[row_].event;
  for (; !departed_ && row_ < rows_.size() && rows_[row_].event == event; ++row_) {
    if (rows_[row_].layers == *layers)
      confirmed_ = event;
    else
      departed_ = event;
  }
}

const EventRecord* RunSide::written_down(std::uint64_t event) const {
  if (written_.empty() || event < written_.front().event || event > written_.back().event)
    return nullptr;
  return &written_[event - written_.front().event];
}

std::vector<EventRecord> RunSide::causes_of(const EventRecord& record, std::size_t most) const {
  std::vector<EventRecord> causes;
  std::uint64_t cause = record.cause;
  while (causes.size() < most && !past_.empty() && cause >= past_.front().event &&
         cause <= past_.back().event) {
    causes.push_back(past_[cause - past_.front().event]);
    cause = causes.back().cause;
  }
  return causes;
}

}  // namespace byzsim
