// What `byzsim contraction` asks, in words, as one gather on a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/gather/contraction.h"

namespace byzsim {

/// As typed, or as a figure has it.
struct GatherWords {
  std::string values;
  std::int64_t byzantine = 1;
  std::optional<std::int64_t> quorum = {};  ///< absent: n - f
  std::string law = "uniform";
  std::string median = "mean";
};

/// A gather and what is needed to write its positions: units of 10^-places.
struct GatherQuestion {
  Gather gather;
  int places;
};

/// Throws InputError for bad values, law, median, quorum or counts, naming the option.
GatherQuestion gather_question(const GatherWords& asked);

/// "383/625", or "1". The fraction is in lowest terms.
std::string fraction_text(const Fraction& fraction);

}  // namespace byzsim
