// The file of a snapshot: whole or refused, and what it states of itself.
#include <filesystem>
#include <set>

#include "core/exact/random.h"
#include "core/input/issue.h"
#include "sim/results/whole_files.h"
#include "sim/snapshot/snapshot.h"
#include "tests/catch.h"
#include "tests/sim/golden_scenarios.h"
#include "tests/sim/small_scenarios.h"
#include "tests/sim/stored_world.h"
#include "tests/tools/address_sanitizer.h"
#include "tests/tools/process.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::snapshot_test {
namespace {

using process::contains;
using process::Sandbox;

SnapshotHead head_for(World& world) {
  return head_of(world.simulation, "an id", write(world.scenario), {});
}

/// A snapshot of the world in a file of the sandbox.
std::filesystem::path snapshot_of(const Sandbox& sandbox, World& world) {
  const std::filesystem::path file = sandbox.path() / "world.byz";
  write_snapshot(file, head_for(world), [&](Archive& archive) { world.simulation.walk(archive); });
  return file;
}

void advance_by(World& world, int events) {
  for (int i = 0; i < events; ++i) world.simulation.advance();
}

/// What is said of a file that is refused; empty where it is not.
std::string refusal_of(const std::filesystem::path& file) {
  try {
    SnapshotFile snapshot(file);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a world goes on from its snapshot to the digest of the whole run") {
  const Sandbox sandbox;
  World world(small_attacked_byzsgd());
  advance_by(world, 60);
  SnapshotFile file(snapshot_of(sandbox, world));
  CHECK(file.head().events == 60);
  CHECK(file.head().digest == world.simulation.digest().run_hex());
  CHECK(file.head().time == world.simulation.now());
  World resumed(file.head().scenario, 2);
  file.read([&](Archive& archive) { resumed.simulation.walk(archive); });
  run_to_end(resumed.simulation);
  CHECK(resumed.simulation.digest() == digest_of_run(small_attacked_byzsgd()));
}

TEST_CASE("2,000 flipped bits and 200 cuts: each is refused with a sentence") {
  const Sandbox sandbox;
  World world(small_sgd());
  advance_by(world, 20);
  const std::filesystem::path file = snapshot_of(sandbox, world);
  const std::string whole = read_text(file);
  Stream stream(31, Purpose::attack, 0, 0);
  for (int i = 0; i < 2200; ++i) {
    std::string bytes = whole;
    const std::size_t place = stream.below(bytes.size());
    if (i < 2000)
      bytes[place] = static_cast<char>(bytes[place] ^ (1 << stream.below(8)));
    else
      bytes.resize(place);
    process::write_file(file, bytes);
    CAPTURE(i, place);
    CHECK_THAT(refusal_of(file), contains("world.byz: is no whole snapshot: "));
  }
}

TEST_CASE("a file that is no snapshot, a folder and a missing file are refused by name") {
  const Sandbox sandbox;
  sandbox.write("text", "what is written here is no snapshot");
  CHECK_THAT(refusal_of(sandbox.path() / "text"), contains("text: is no whole snapshot"));
  CHECK_THAT(refusal_of(sandbox.path() / "absent"), contains("absent: cannot be read"));
  CHECK_THAT(refusal_of(sandbox.path()), contains("cannot be read"));
}

TEST_CASE("a snapshot of another layout names both numbers") {
  const Sandbox sandbox;
  World world(small_sgd());
  const std::filesystem::path file = snapshot_of(sandbox, world);
  std::string bytes = read_text(file);
  const std::string first = "byzsim snapshot " + std::to_string(kSnapshotLayout);
  REQUIRE(bytes.starts_with(first + "\n"));
  bytes = "byzsim snapshot 99" + bytes.substr(first.size(), bytes.size() - first.size() - 8);
  BytesDigest checksum;
  checksum.add(bytes);
  const std::uint64_t value = checksum.value();
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  process::write_file(file, bytes);
  CHECK_THAT(refusal_of(file), contains("has layout 99, and this program reads layout " +
                                        std::to_string(kSnapshotLayout)));
}

TEST_CASE("a snapshot of another run, profile or input file names what differs") {
  World world(small_sgd());
  const SnapshotHead run = head_for(world);
  CHECK(differences(run, run).empty());
  SnapshotHead other = run;
  other.id = "another id";
  CHECK(differences(other, run) ==
        std::vector<std::string>{"it is of run another id, not of an id"});
  other = run;
  other.profile = "another";
  CHECK_THAT(differences(other, run).at(0), contains("its numeric profile is another, and here"));
  other = run;
  other.version = "9.9";
  CHECK_THAT(differences(other, run).at(0), contains("it was written by byzsim 9.9, and this is"));
  other = run;
  other.inputs = {{"/data/train", "0123456789abcdef", 7}};
  CHECK_THAT(differences(other, run).at(0), contains("/data/train"));
  other = run;
  other.beside = {"timeline"};
  CHECK(differences(other, run) ==
        std::vector<std::string>{"it holds a timeline, and now the run alone is asked for"});
}

TEST_CASE("an older snapshot stays where a new one cannot be written") {
  const Sandbox sandbox;
  World world(small_sgd());
  const std::filesystem::path file = snapshot_of(sandbox, world);
  const std::string before = read_text(file);
  CHECK_THROWS_AS(write_snapshot(file, head_for(world),
                                 [](Archive&) {
                                   throw InputError({"disk", "is full", ""});
                                 }),
                  InputError);
  CHECK(read_text(file) == before);
}

// What moves here has another layout: raise kSnapshotLayout, unless the digests of runs moved, too.
TEST_CASE("the layout of a snapshot is what its number says") {
  std::string found;
  for (const char* name : {"byzsgd_sync", "consensus", "kardam", "learn"}) {
    World world(golden_scenarios().at(name));
    advance_by(world, 50);
    found += to_hex(digest_of(stored(world.simulation))) + " ";
  }
  CHECK(found == "f70b1fdaddd7ed01 478f33be57bb302f 025c466c23fcee6c 71436db8b8e2c683 ");
  CHECK(kSnapshotLayout == 5);
}

}  // namespace byzsim::snapshot_test
