// What the user typed, word by word, before it is parsed.
#pragma once

#include <string>
#include <vector>

namespace byzsim {

/// The word before '=' of an option; empty for what is no option (a value, "-", a negative number).
std::string option_in(const std::string& word);

/// The arguments of the program. "help" and "help COMMAND" are what "--help" and "COMMAND --help"
/// are. No word at all is "--help".
std::vector<std::string> words_of(int argc, const char* const* argv);

}  // namespace byzsim
