// Which smaller scenarios are worth trying, in the order in which they are: arithmetic on the JSON
// of a scenario, pass by pass (delta debugging: Zeller and Hildebrandt, Simplifying and Isolating
// Failure-Inducing Input, 2002).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/input/json.h"

namespace byzsim {

/// A change that makes a scenario smaller, if it can run.
struct Smaller {
  std::string what;  ///< "steps 400 -> 25"
  Json patch;        ///< RFC 6902
  /// Once it has been taken, its pass goes on with the candidates of this place or a later one.
  std::size_t place = 0;
};

/// One kind of change: everything worth trying on a scenario (as minimal_json writes it). Each
/// takes something away or makes a size, or the digits of a number, fewer; so passes come to an
/// end.
using Pass = std::vector<Smaller> (*)(const Json& scenario);

/// Fewer steps; what a script says of later ones goes with them.
std::vector<Smaller> fewer_steps(const Json& scenario);
/// A model of one parameter and data on a line, or a linear model.
std::vector<Smaller> simpler_models(const Json& scenario);
/// Smaller whole numbers: hidden layers, data, batch, gather period.
std::vector<Smaller> smaller_numbers(const Json& scenario);
/// Fewer workers, then fewer servers or nodes of a graph; what names a node that is gone goes with
/// it, and the others are renumbered.
std::vector<Smaller> fewer_workers(const Json& scenario);
std::vector<Smaller> fewer_servers(const Json& scenario);
/// Fewer entries of lists: of the script, exceptional links, faults, pre-aggregators, layers.
std::vector<Smaller> fewer_entries(const Json& scenario);
/// The script without the entries at these places, which are in its order.
Smaller without_decisions(const std::vector<std::string>& pointers);
/// Fewer values that are not their defaults.
std::vector<Smaller> fewer_choices(const Json& scenario);
/// Numbers, durations and rates with fewer digits: first all, then each.
std::vector<Smaller> rounder_numbers(const Json& scenario);

/// All of them, what saves most time first.
const std::vector<Pass>& passes();

/// 1, 2, 3, 4, 6, 8, 12, ... below `size`, and what is an eighth, a sixteenth, ... or one less.
std::vector<std::int64_t> sizes_below(std::int64_t size);

/// A patch that puts `value` in the place of the whole, or of what stands at the pointer. Of the
/// whole with an empty pointer.
Json replacement(const std::string& pointer, Json value);

}  // namespace byzsim
