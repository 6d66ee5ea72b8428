#include "tools/line/page_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "core/input/issue.h"
#include "sim/results/whole_files.h"

namespace byzsim {

void check_page_writable(const std::filesystem::path& file) {
  namespace fs = std::filesystem;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const int error = fs::is_directory(file)                ? EISDIR
                    : ::access(folder.c_str(), W_OK) != 0 ? errno
                                                          : 0;
  if (error != 0)
    throw InputError({file.string(), std::string("cannot write: ") + std::strerror(error),
                      "name another file with --out FILE"});
  // A page gives way to a newer one, and nothing else does.
  if (fs::is_regular_file(file) && !read_text(file).starts_with("<!DOCTYPE html>"))
    throw InputError(
        {file.string(), "exists and is not a page of byzsim", "name another file with --out FILE"});
}

}  // namespace byzsim
