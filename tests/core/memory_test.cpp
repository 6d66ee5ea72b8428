#include "core/machine/memory.h"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "core/input/issue.h"
#include "core/machine/aligned_block.h"
#include "tests/catch.h"
#include "tests/tools/process.h"

namespace byzsim::memory_test {
namespace {

// Control groups as files below a folder.
struct Groups {
  process::Sandbox sandbox;
  void limit(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((sandbox.path() / file).parent_path());
    std::ofstream(sandbox.path() / file) << text << "\n";
  }
  std::optional<std::uint64_t> of(const std::string& groups) const {
    return group_memory_bytes(groups, sandbox.path());
  }
};

}  // namespace

TEST_CASE("a control group of version 2 limits memory, and one above it does") {
  const Groups groups;
  groups.limit("a/b/memory.max", "max");
  CHECK_FALSE(groups.of("0::/a/b\n"));
  groups.limit("a/memory.max", "1000");
  CHECK(groups.of("0::/a/b\n") == 1000);
  groups.limit("a/b/memory.max", "300");
  CHECK(groups.of("0::/a/b\n") == 300);
  groups.limit("memory.max", "20");
  CHECK(groups.of("0::/a/b\n") == 20);
}

TEST_CASE("a control group of version 1 limits memory, and one above it does") {
  const Groups groups;
  groups.limit("memory/memory.limit_in_bytes", "9223372036854771712");
  groups.limit("memory/a/memory.limit_in_bytes", "5000");
  groups.limit("memory/a/b/memory.limit_in_bytes", "70000");
  const std::string lines = "8:pids:/x\n4:cpu,memory:/a/b\n0::/\n";
  CHECK(groups.of(lines) == 5000);
  CHECK_FALSE(groups.of("8:pids:/a\n"));
  // A group that is not mounted here, as in a container, has the limit of the root.
  groups.limit("memory/memory.limit_in_bytes", "44");
  CHECK(groups.of("4:memory:/somewhere/else\n") == 44);
}

TEST_CASE("an amount of memory is a number of bytes or of a unit of 1024") {
  CHECK(parse_memory("1000") == 1000);
  CHECK(parse_memory("4 GiB") == std::uint64_t{4} << 30);
  CHECK(parse_memory("512MiB") == std::uint64_t{512} << 20);
  for (const char* wrong : {"", "GiB", "1 GB", "-1", "1.5 GiB", "99999999999 TiB"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_memory(wrong));
  }
}

TEST_CASE("the environment may say less memory than there is, as an amount") {
  ::setenv("BYZSIM_MEMORY", "1 MiB", 1);
  CHECK(memory_bytes() == std::uint64_t{1} << 20);
  ::setenv("BYZSIM_MEMORY", "plenty", 1);
  CHECK_THROWS_AS(memory_bytes(), InputError);
  ::unsetenv("BYZSIM_MEMORY");
}

TEST_CASE("the memory that is there is more than this process holds") {
  CHECK(resident_memory_bytes() > 1'000'000);
  CHECK(memory_bytes() > resident_memory_bytes());
}

TEST_CASE("a block of a page or more begins at a line of 64 bytes") {
  for (const std::size_t bytes : {4096u, 4097u, 318040u}) {
    void* const block = aligned_block(bytes);
    REQUIRE(block != nullptr);
    CHECK(reinterpret_cast<std::uintptr_t>(block) % 64 == 0);
    std::free(block);
  }
}

TEST_CASE("there is no block of all addresses") {
  CHECK(aligned_block(std::numeric_limits<std::size_t>::max()) == nullptr);
}

}  // namespace byzsim::memory_test
