// Whether a gather that is repeated without end can be kept from contracting (ByzSGD's median
// contracts in expectation only: El-Mhamdi et al., PODC 2020, as we understand it).
//
// The diameter is held indefinitely when some strategy of the adversary leaves the diameter after
// the next gather what it is now, after the following one too, and so on without end. Since no
// gather leads out of the interval that the honest servers span, this means that at both ends of
// today's interval there will always be a server.
//
// So only how many servers are at either end matters, not where the others are: the median of a
// quorum is at the upper end if and only if enough of what is received is there or above, Byzantine
// values included. A server at an end serves the adversary at least as well as one in between. That
// leaves finitely many states and an exact answer: the states from which it can be held are what
// remains after striking out, until nothing changes, those from which no strategy leads to one that
// remains.
#pragma once

#include "sim/gather/contraction.h"

namespace byzsim {

/// What picks the quorums among those that the law admits.
enum class Scheduling {
  adversarial,  ///< the adversary, together with its values
  random        ///< chance: the adversary must hold the diameter whatever it is dealt
};

/// Whether the diameter of `gather` (without problems) can be held indefinitely.
bool held_for_ever(const Gather& gather, Scheduling scheduling);

}  // namespace byzsim
