#include "tools/line/typed_words.h"

#include <algorithm>

namespace byzsim {

std::string option_in(const std::string& word) {
  // "-5" and "-.5" are values.
  const bool option = word.size() >= 2 && word[0] == '-' &&
                      std::string("0123456789.").find(word[1]) == std::string::npos;
  return option ? word.substr(0, word.find('=')) : "";
}

std::vector<std::string> words_of(int argc, const char* const* argv) {
  // A program can be started without even its own name.
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (words.empty()) return {"--help"};
  if (words.front() != "help") return words;
  words.erase(words.begin());
  words.push_back("--help");
  return words;
}

}  // namespace byzsim
