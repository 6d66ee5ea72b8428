// The file behind vectors on disk. It has no name, so that nothing is left of it however the
// process ends.

#include "sim/run/vector_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "core/check.h"
#include "core/input/issue.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

InputError cannot_store(const fs::path& folder, int reason) {
  return InputError({folder.string(),
                     std::string("vectors of nodes that lag do not fit into memory and cannot be "
                                 "written here: ") +
                         std::strerror(reason),
                     "free space there, set TMPDIR to another folder, or have nodes lag less"});
}

int nameless_file(const fs::path& folder) {
#if defined(O_TMPFILE)
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
#endif
  // Not every file system makes files without a name: then one with a name that is gone at once.
  std::string name = (folder / "byzsim-XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) throw cannot_store(folder, errno);
  ::unlink(name.c_str());
  return named;
}

}  // namespace

fs::path folder_of_stores() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
}

/// A vector's place in the file, while anybody keeps it.
struct VectorStore::Place {
  std::shared_ptr<VectorStore> store;
  std::uint64_t offset;
  std::size_t dimension;
  ~Place() { store->free_place(offset, dimension * sizeof(float)); }
};

std::shared_ptr<VectorStore> VectorStore::in(const fs::path& folder) {
  return std::shared_ptr<VectorStore>(new VectorStore(nameless_file(folder), folder));
}

VectorStore::~VectorStore() { ::close(file_); }

std::uint64_t VectorStore::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::uint64_t VectorStore::take_place(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes_ += bytes;
  // Most vectors of a run are of one size, so that a free place nearly always fits.
  std::vector<std::uint64_t>& free = free_[bytes];
  if (free.empty()) return std::exchange(end_, end_ + bytes);
  const std::uint64_t offset = free.back();
  free.pop_back();
  return offset;
}

void VectorStore::free_place(std::uint64_t offset, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes_ -= bytes;
  free_[bytes].push_back(offset);
}

Payload VectorStore::put(const Payload& payload) {
  BYZ_CHECK(payload.has_values() && !payload.is_stored(), "only a vector in memory goes to disk");
  const std::vector<float>& values = payload.values();
  const std::size_t bytes = values.size() * sizeof(float);
  const auto place =
      std::shared_ptr<Place>(new Place{shared_from_this(), take_place(bytes), values.size()});
  for (std::size_t done = 0; done < bytes;) {
    const ssize_t written = ::pwrite(file_, reinterpret_cast<const char*>(values.data()) + done,
                                     bytes - done, static_cast<off_t>(place->offset + done));
    // A signal may interrupt a write, and a nearly full disk may take a part of it.
    if (written < 0 && errno != EINTR) throw cannot_store(folder_, errno);
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  // The payload holds the place, and the place holds the file.
  return Payload::stored(values.size(),
                         [place] { return place->store->read(place->offset, place->dimension); });
}

std::vector<float> VectorStore::read(std::uint64_t offset, std::size_t dimension) const {
  std::vector<float> values(dimension);
  const std::size_t bytes = dimension * sizeof(float);
  for (std::size_t done = 0; done < bytes;) {
    const ssize_t got = ::pread(file_, reinterpret_cast<char*>(values.data()) + done, bytes - done,
                                static_cast<off_t>(offset + done));
    // The file is no longer what was written to it.
    if (got == 0 || (got < 0 && errno != EINTR))
      throw cannot_store(folder_, got == 0 ? EIO : errno);
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  return values;
}

}  // namespace byzsim
