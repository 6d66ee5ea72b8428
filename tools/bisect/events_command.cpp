// `byzsim events`: the events of a finished run, from a replay that its stored digests confirm.
#include <fmt/format.h>

#include "core/input/issue.h"
#include "tools/bisect/event_lines.h"
#include "tools/bisect/run_side.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/shared_options.h"

namespace byzsim {
namespace {

struct EventsOptions {
  ReplayOptions run;
  std::int64_t from = 1;
  std::optional<std::int64_t> to;  // absent: the last
};

struct Range {
  std::uint64_t from, to;
};

Range range_within(const EventsOptions& asked, std::uint64_t events) {
  const Range range{static_cast<std::uint64_t>(asked.from),
                    asked.to ? static_cast<std::uint64_t>(*asked.to) : events};
  if (range.to > events)
    throw InputError({"--to", fmt::format("the run has {} events, not {}", events, range.to),
                      "leave it out to see all"});
  if (range.from > range.to)
    throw InputError({"--from",
                      fmt::format("there is no event between {} and {}", range.from, range.to),
                      "give the first event before the last"});
  return range;
}

void offer_events(CommandOptions& options, EventsOptions& own) {
  constexpr CommandOptions::Within any{1, 999'999'999'999};
  offer_replay(options, own.run);
  options.integer("--from N", any, own.from, "First event to print [default: 1]");
  options.integer("--to N", any, own.to, "Last event to print [default: the last]");
}

int events(const EventsOptions& own, const CommonOptions& common) {
  const StoredRun stored = read_stored_run(own.run.directory);
  const Range range = range_within(own, stored_digests(stored).back().event);
  watch_for_interrupt();
  Progress progress(stored.scenario.name, stored.scenario.steps, common.quiet);
  // Without what a program wrote down: these events are the replay's own.
  RunSide side(stored, {}, own.run.threads);
  if (side.event() > 0)
    tell("note: {} is a branch; what it has done begins after event {} of its trunk\n",
         own.run.directory, side.event());
  for (std::uint64_t event = side.event() + 1; event <= range.to; ++event) {
    const auto record = side.next();
    if (!record) break;
    if (event >= range.from) print_text("{}\n", to_json(*record).dump());
    if (interrupted()) return kInterrupted;
    if (record->computed) progress.show(double(side.simulation().step()));
  }
  // Only now: a replay that prints other events than the run had must not pass for it.
  if (side.confirm(range.to)) return kDone;
  tell(
      "error: {}: the replay differs from the stored run: its digests differ after event {}; these "
      "are the events of the replay; use the program that made the run\n",
      own.run.directory, side.departed().value_or(range.to));
  return kDigestMismatch;
}

}  // namespace

Command events_command() {
  return command("events", "Print the events of a finished run as JSON Lines",
                 "  byzsim events DIR --from 513 --to 768 > DIR/events.jsonl\n"
                 "  byzsim events DIR --to 100",
                 offer_events, events);
}

}  // namespace byzsim
