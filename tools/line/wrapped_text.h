// Text for people to read, wrapped at the width of their terminal.
#pragma once

#include <cstddef>
#include <string>

namespace byzsim {

/// The columns of the terminal that standard output is, from 60 to 100. No limit where it is a file
/// or a pipe, so that what is one thing stays one line there.
std::size_t output_columns();

/// The text in lines of at most `columns` characters, unless a word is longer. All lines but the
/// first stand behind `indent` spaces, which do not count.
std::string wrapped(const std::string& text, std::size_t columns, std::size_t indent = 0);

}  // namespace byzsim
