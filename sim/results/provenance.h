// Where a result comes from: version, compiler, flags, libraries. Never part of a digest.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace byzsim {

struct Provenance {
  std::string version;   ///< of byzsim
  std::string git;       ///< revision the program was built from; empty when unknown
  std::string compiler;  ///< name and version
  std::string flags;     ///< what the compiler was told
  std::vector<std::pair<std::string, std::string>> libraries;  ///< name, version
};

Provenance provenance();

}  // namespace byzsim
