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

/// "0.9.0 (1a2b3c4)": the version with its revision, where that is known. What one of them computed
/// another does not go on with.
std::string version_and_revision();

}  // namespace byzsim
