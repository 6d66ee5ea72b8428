// What `byzsim contraction` asks, in words, as one gather on a line.
#pragma once

#include <string>

#include "sim/contraction.h"
#include "tools/command_line.h"

namespace byzsim {

/// What is asked and answered, for the help of `byzsim contraction`.
inline constexpr const char* kContractionNotes =
    "The correct servers of one gather stand on a line. Each hears a quorum and moves to its\n"
    "median; the adversary sees all quorums and tells each receiver what it likes.\n\n"
    "Laws: uniform, any q of the n servers; byzantine-first, every Byzantine server and any\n"
    "correct ones; byzantine-first-own, the receiver's own value too.\n\n"
    "The expected ratio is that of the largest diameter the lies can leave to the diameter now,\n"
    "over random quorums. The diameter is held for ever when the adversary can keep it at what\n"
    "it is now in the next gather, in the one after that, and so on without end: by lies alone,\n"
    "whatever quorums chance deals, or by lies and by choosing the quorums among those that the\n"
    "law admits.\n\n";

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
