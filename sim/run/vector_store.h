// Vectors on disk: what waits for a node that lags goes to one file without a name, which ends with
// the process, and is read when it is needed. The places of vectors that are no longer kept are
// used again.
//
// A vector that comes back has the bits that it had; whether it was on disk changes nothing of a
// run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "sim/world/payload.h"

namespace byzsim {

/// Where vectors go: $TMPDIR, or /var/tmp, whose files are not in memory.
std::filesystem::path folder_of_stores();

/// One file of vectors, shared by all copies of a simulation. Safe on any thread.
class VectorStore : public std::enable_shared_from_this<VectorStore> {
 public:
  /// Throws InputError where no file can be made in the folder.
  static std::shared_ptr<VectorStore> in(const std::filesystem::path& folder);
  ~VectorStore();
  VectorStore(const VectorStore&) = delete;
  VectorStore& operator=(const VectorStore&) = delete;

  /// The same vector, written; waits until it is computed. Throws InputError where it does not fit.
  Payload put(const Payload& payload);
  /// Of all vectors in the file now.
  std::uint64_t bytes() const;

 private:
  struct Place;
  VectorStore(int file, std::filesystem::path folder) : file_(file), folder_(std::move(folder)) {}
  std::uint64_t take_place(std::uint64_t bytes);
  void free_place(std::uint64_t offset, std::uint64_t bytes);
  std::vector<float> read(std::uint64_t offset, std::size_t dimension) const;

  int file_;
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::uint64_t end_ = 0, bytes_ = 0;
  std::map<std::uint64_t, std::vector<std::uint64_t>> free_;  // offsets, by their bytes
};

}  // namespace byzsim
