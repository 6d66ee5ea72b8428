// What may stand under the keys of a panel.
#pragma once

#include <string>

#include "core/input/issue.h"
#include "core/input/json.h"

namespace byzsim {

/// Text that is drawn: no control characters but line feeds.
void check_drawn_text(const Json& text, const std::string& where, Issues& issues);

/// Adds what is wrong with the values of a panel's keys: texts, limits, ticks, lines, scales,
/// conditions. Only for values of the right type. The panel has a kind that is known.
void check_panel_values(const Json& panel, const std::string& where, Issues& issues);

}  // namespace byzsim
