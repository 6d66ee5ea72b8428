// The checksums of a result's files, so that one that was cut, emptied or changed later is known.
#pragma once

#include <filesystem>

#include "core/input/issue.h"
#include "sim/results/whole_files.h"

namespace byzsim {

/// The file that lists them, a line a file, as `xxhsum --check` reads it.
inline constexpr const char* kChecksumsFile = "checksums.xxh3";

/// Names of files with the digests of their bytes, 16 hex digits each.
using NamedDigests = std::vector<std::pair<std::string, std::string>>;

/// The files, and the list of their checksums as the last one; `others` are listed after them.
NamedTexts with_checksums(NamedTexts files, const NamedDigests& others = {});

/// What is missing or altered in a directory since byzsim wrote it, an issue a file; the list
/// itself where it is missing or is none. Empty for a whole result.
Issues damage_in(const std::filesystem::path& directory);

}  // namespace byzsim
