// What `byzsim contraction SCENARIO` answers, as text and as JSON.
#pragma once

#include <string>

#include "core/input/json.h"
#include "tools/gather/graph_question.h"

namespace byzsim {

/// A line for the drift and one for each honest node.
std::string graph_text(const GraphQuestion& question, const GraphReach& reach);
/// The same; what has no bound is null.
Json graph_json(const GraphQuestion& question, const GraphReach& reach);

}  // namespace byzsim
