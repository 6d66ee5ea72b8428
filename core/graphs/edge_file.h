// Files of edges: a line an edge, two integers separated by blanks or by a comma ("0 1", "0,1").
// What follows a # is a comment; blank lines do not matter; a first line of two names, as CSV files
// have it, is passed over. Files may be gzipped or plain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/graphs/graph.h"

namespace byzsim {

/// The edges of a text in its order; an edge may stand there in both directions. `path` stands in
/// issues before the number of the line. Throws InputError with an issue for each line, up to ten,
/// that is not two different integers below kMostVertices, or repeats an edge in one direction.
std::vector<Edge> edges_of_text(std::string_view text, const std::string& path);

/// The edges of a file. Throws InputError for a file that cannot be read, too.
std::vector<Edge> read_edges(const std::string& path);

}  // namespace byzsim
