// Events as lines of JSON: what `byzsim events` prints, and what `byzsim bisect` reads of a run
// that no replay here can have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/input/json.h"
#include "tools/bisect/event_record.h"

namespace byzsim {

/// What is empty is left out.
Json to_json(const EventRecord& record);

/// Events in a row, a line each. Throws InputError naming `source` and the line. Their numbers have
/// no gaps; none at all in an empty text.
std::vector<EventRecord> read_events(std::string_view text, const std::string& source);

}  // namespace byzsim
