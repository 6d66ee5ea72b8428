// Limits as the system tells them, each left out where it does not: what is unknown must not refuse
// a run.

#include "core/machine/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

#include "core/input/issue.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace byzsim {

namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> physical_memory_bytes() {
  const long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_bytes <= 0) return std::nullopt;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes);
}

using Limit = std::optional<std::uint64_t>;

Limit lesser(Limit one, Limit other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

// The least of the files of that name in a folder below the root and in all between them. "max"
// stands for no limit.
Limit least_above(const fs::path& root, const fs::path& group, const char* file) {
  Limit least;
  for (fs::path folder = group.relative_path();; folder = folder.parent_path()) {
    std::uint64_t limit = 0;
    if (std::ifstream stream(root / folder / file); stream >> limit) least = lesser(least, limit);
    if (folder.empty()) return least;
  }
}

}  // namespace

// A line is "4:memory:/a/b" where version 1 counts memory and "0::/a/b" of version 2.
std::optional<std::uint64_t> group_memory_bytes(const std::string& groups, const fs::path& root) {
  Limit least;
  std::istringstream lines(groups);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const fs::path group = line.substr(second + 1);
    if (controllers == ",,")
      // Version 2 is mounted at the root or, beside version 1, below it.
      for (const char* mounted : {"", "unified"})
        least = lesser(least, least_above(root / mounted, group, "memory.max"));
    else if (controllers.find(",memory,") != std::string::npos)
      least = lesser(least, least_above(root / "memory", group, "memory.limit_in_bytes"));
  }
  return least;
}

std::optional<std::uint64_t> parse_memory(const std::string& text) {
  std::uint64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{}) return std::nullopt;
  std::string unit(rest, end);
  unit.erase(0, unit.find_first_not_of(' ') == std::string::npos ? unit.size()
                                                                 : unit.find_first_not_of(' '));
  for (const auto& [name, bits] : {std::pair<const char*, unsigned>{"", 0},
                                   {"KiB", 10},
                                   {"MiB", 20},
                                   {"GiB", 30},
                                   {"TiB", 40}})
    if (unit == name && count <= std::numeric_limits<std::uint64_t>::max() >> bits)
      return count << bits;
  return std::nullopt;
}

std::uint64_t memory_bytes() {
  std::ostringstream groups;
  groups << std::ifstream("/proc/self/cgroup").rdbuf();
  Limit least = lesser(physical_memory_bytes(), group_memory_bytes(groups.str(), "/sys/fs/cgroup"));
  if (const char* asked = std::getenv("BYZSIM_MEMORY")) {
    const auto limit = parse_memory(asked);
    if (!limit)
      throw InputError({"BYZSIM_MEMORY", std::string("\"") + asked + "\" is no amount of memory",
                        "write it as 512 MiB or 4 GiB"});
    least = lesser(least, limit);
  }
  return least.value_or(0);
}

std::uint64_t resident_memory_bytes() {
  std::ifstream sizes("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  const long page_bytes = sysconf(_SC_PAGESIZE);
  if (!(sizes >> all >> resident) || page_bytes <= 0) return 0;
  return resident * static_cast<std::uint64_t>(page_bytes);
}

// Not from getrusage, where a process begins with the peak of the one that started it.
std::uint64_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (std::uint64_t kibibytes = 0; word == "VmHWM:" && status >> kibibytes)
      return kibibytes * 1024;
  return 0;
}

void keep_freed_memory() {
#if defined(__GLIBC__)
  // Blocks of any size from the heap, which is given back to the system only in large pieces.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 1 << 24);
#endif
}

void use_large_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) {
#if defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t large_page = std::uintptr_t{1} << 21;
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  // Only pages that lie whole within the block: advice about others would be about foreign memory.
  const std::uintptr_t first = (address + large_page - 1) / large_page * large_page;
  const std::uintptr_t last = (address + bytes) / large_page * large_page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

}  // namespace byzsim
