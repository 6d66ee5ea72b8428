// A moment as a whole: where it is, which event came last, why, and all of it as JSON.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "tools/inspect/history.h"

namespace byzsim {

/// Event, time and step; the event that came last; the digest after it.
std::string where_text(const Moment& moment);

/// The event, its cause, the cause of that, ... down to one that the run's start scheduled.
std::vector<std::uint64_t> causes_of(const History& history, std::uint64_t event);
/// A line an event: the first `most` of the chain, how many are left out, and the last. Nothing
/// where `stop` says so.
std::optional<std::string> why_text(History& history, std::uint64_t event, std::size_t most,
                                    const std::function<bool()>& stop);

/// The row of metrics that was completed last; null where there is none.
Json metrics_json(const Moment& moment);
std::string metrics_text(const Moment& moment);

/// Everything of the present moment (docs/inspect.md); nothing where `stop` says so.
std::optional<Json> moment_json(History& history, const std::function<bool()>& stop);

}  // namespace byzsim
