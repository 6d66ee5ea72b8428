// What `byzsim contraction` asks, in words, as one gather on a line.
#pragma once

#include <string>

#include "sim/gather/contraction.h"
#include "tools/line/command_line.h"

namespace byzsim {

/// A gather and what is needed to write its positions: units of 10^-places.
struct GatherQuestion {
  Gather gather;
  int places;
};

/// Throws InputError for bad values, law, median, quorum or counts, naming the option.
GatherQuestion gather_question(const ContractionOptions& asked);

/// "383/625", or "1".
std::string fraction_text(const Fraction& fraction);

}  // namespace byzsim
