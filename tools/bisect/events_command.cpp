#include <fmt/format.h>

#include "core/input/issue.h"
#include "tools/bisect/event_lines.h"
#include "tools/bisect/run_side.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/verbs.h"

namespace byzsim {
namespace {

struct Range {
  std::uint64_t from, to;
};

Range range_within(const EventRange& asked, std::uint64_t events) {
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

void offer_events(VerbOptions& verb, Options& typed) {
  constexpr VerbOptions::Within any{1, 999'999'999'999};
  offer_replay(verb, typed);
  verb.integer("--from N", any, typed.range.from, "First event to print [default: 1]");
  verb.integer("--to N", any, typed.range.to, "Last event to print [default: the last]");
}

int events(const Options& options) {
  const StoredRun stored = read_stored_run(options.argument);
  const Range range = range_within(options.range, stored_digests(stored).back().event);
  watch_for_interrupt();
  Progress progress(stored.scenario.name, stored.scenario.steps, options.quiet);
  RunSide side(stored, {}, options.threads);
  for (std::uint64_t event = 1; event <= range.to; ++event) {
    const auto record = side.next();
    if (!record) break;
    if (event >= range.from) print_text("{}\n", to_json(*record).dump());
    if (interrupted()) return kInterrupted;
    if (record->computed) progress.show(double(side.simulation().step()));
  }
  if (side.confirm(range.to)) return kDone;
  tell(
      "error: {}: the replay differs from the stored run: its digests differ after event {}; these "
      "are the events of the replay; use the program that made the run\n",
      options.argument, side.departed().value_or(range.to));
  return kDigestMismatch;
}

}  // namespace

Verb events_verb() {
  return {"events", "Print the events of a finished run as JSON Lines",
          "  byzsim events DIR --from 513 --to 768 > DIR/events.jsonl\n"
          "  byzsim events DIR --to 100",
          offer_events, events};
}

}  // namespace byzsim
