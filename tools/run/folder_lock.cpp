#include "tools/run/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace byzsim {

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(::open((folder / kName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  const int reason = errno;
  problem_ = descriptor_ >= 0 && reason == EWOULDBLOCK
                 ? "another process uses " + folder.string()
                 : folder.string() + " cannot be written: " + std::strerror(reason);
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace byzsim
