// Keeps processes apart that would write to one folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace byzsim {

/// A folder that belongs to this process until the lock goes, or the process does.
class FolderLock {
 public:
  /// Of a folder that exists.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// Why the folder does not belong to this process, as a sentence; nothing when it does.
  const std::optional<std::string>& problem() const { return problem_; }
  /// The file in the folder that carries the lock.
  static constexpr const char* kName = "lock";

 private:
  int descriptor_;
  std::optional<std::string> problem_;
};

}  // namespace byzsim
