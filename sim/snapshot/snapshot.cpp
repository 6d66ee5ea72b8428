// The bytes of the file: "byzsim snapshot 1\n", the length of the head (8 bytes, little-endian),
// the head, one zstd frame, the checksum (8 bytes).

#include "sim/snapshot/snapshot.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "core/exact/digest.h"
#include "core/input/issue.h"
#include "core/input/json_fields.h"
#include "sim/results/provenance.h"
#include "sim/results/run_result.h"
#include "sim/results/whole_files.h"
#include "sim/scenario/scenario_inputs.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFirstWords = "byzsim snapshot ";
constexpr std::size_t kNumberBytes = 8;
constexpr std::uint64_t kMostHeadBytes = std::uint64_t{1} << 30;  // of a scenario with its script
// Vectors of a training run hardly get smaller, however long one tries.
constexpr int kCompressionLevel = 1;

InputError damaged(const fs::path& file, const std::string& what) {
  return InputError({file.string(), "is no whole snapshot: " + what,
                     "remove it; the run then begins at an older snapshot, or from the beginning"});
}

std::array<char, kNumberBytes> bytes_of_number(std::uint64_t number) {
  return std::bit_cast<std::array<char, kNumberBytes>>(number);
}

std::string named_state(const std::vector<std::string>& beside) {
  return beside.empty() ? "the run alone" : fmt::format("a {}", fmt::join(beside, " and a "));
}

Json json_of(const SnapshotHead& head) {
  return {{"id", head.id},
          {"scenario", head.scenario},
          {"inputs", write_inputs(head.inputs)},
          {"profile", head.profile},
          {"version", head.version},
          {"events", head.events},
          {"step", head.step},
          {"time", head.time},
          {"digest", head.digest},
          {"wall_seconds", head.wall_seconds},
          {"beside", head.beside}};
}

SnapshotHead head_from(const Json& json) {
  SnapshotHead head;
  head.id = json.at("id").get<std::string>();
  head.scenario = json.at("scenario");
  head.inputs = read_inputs(json.at("inputs"));
  head.profile = json.at("profile").get<std::string>();
  head.version = json.at("version").get<std::string>();
  head.events = json.at("events").get<std::uint64_t>();
  head.step = json.at("step").get<std::int64_t>();
  head.time = json.at("time").get<SimTime>();
  head.digest = json.at("digest").get<std::string>();
  head.wall_seconds = json.at("wall_seconds").get<double>();
  head.beside = json.at("beside").get<std::vector<std::string>>();
  return head;
}

/// What is written goes through the checksum, the state through the compressor before.
class SnapshotWriter {
 public:
  explicit SnapshotWriter(const PutBytes& put)
      : put_(put), context_(ZSTD_createCCtx(), &ZSTD_freeCCtx), block_(ZSTD_CStreamOutSize()) {
    BYZ_CHECK(context_ != nullptr, "a compressor is made");
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kCompressionLevel);
  }
  void plain(std::string_view bytes) {
    checksum_.add(bytes);
    put_(bytes);
  }
  void compressed(std::span<const char> bytes) { compress(bytes, ZSTD_e_continue); }
  void finish() {
    compress({}, ZSTD_e_end);
    const auto checksum = bytes_of_number(checksum_.value());
    put_({checksum.data(), checksum.size()});
  }

 private:
  void compress(std::span<const char> bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (std::size_t left = 1; left != 0 || in.pos < in.size;) {
      ZSTD_outBuffer out{block_.data(), block_.size(), 0};
      left = ZSTD_compressStream2(context_.get(), &out, &in, directive);
      BYZ_CHECK(!ZSTD_isError(left), "what is in memory can be compressed");
      if (out.pos > 0) plain({block_.data(), out.pos});
      // Only an end is asked for until nothing is left inside.
      if (directive == ZSTD_e_continue) left = 0;
    }
  }

  const PutBytes& put_;
  BytesDigest checksum_;
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context_;
  std::vector<char> block_;
};

/// The state's bytes as they were before they were compressed.
class StateReader {
 public:
  StateReader(std::ifstream& file, std::uint64_t begin, std::uint64_t end)
      : file_(file),
        left_(end - begin),
        context_(ZSTD_createDCtx(), &ZSTD_freeDCtx),
        block_(ZSTD_DStreamInSize()) {
    BYZ_CHECK(context_ != nullptr, "a decompressor is made");
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(begin));
  }
  void fill(std::span<char> wanted) {
    ZSTD_outBuffer out{wanted.data(), wanted.size(), 0};
    while (out.pos < out.size) Archive::expect(advance(out));
  }
  bool is_at_end() {
    char more = 0;
    ZSTD_outBuffer out{&more, 1, 0};
    while (out.pos == 0)
      if (!advance(out)) return true;
    return false;
  }

 private:
  // Whether there was anything left to decompress.
  bool advance(ZSTD_outBuffer& out) {
    if (in_.pos == in_.size) {
      const std::size_t size = std::min<std::uint64_t>(left_, block_.size());
      if (size == 0) return false;
      file_.read(block_.data(), static_cast<std::streamsize>(size));
      Archive::expect(static_cast<bool>(file_));
      left_ -= size;
      in_ = {block_.data(), size, 0};
    }
    Archive::expect(!ZSTD_isError(ZSTD_decompressStream(context_.get(), &out, &in_)));
    return true;
  }

  std::ifstream& file_;
  std::uint64_t left_;  // bytes that were not read yet
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
  std::vector<char> block_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
};

// Whether the last eight bytes are the checksum of all before.
bool is_whole(std::ifstream& file, std::uint64_t size) {
  BytesDigest checksum;
  std::vector<char> block(1 << 20);
  for (std::uint64_t left = size - kNumberBytes; left > 0;) {
    const std::size_t part = std::min<std::uint64_t>(left, block.size());
    if (!file.read(block.data(), static_cast<std::streamsize>(part))) return false;
    checksum.add(std::string_view(block.data(), part));
    left -= part;
  }
  std::array<char, kNumberBytes> stated{};
  return file.read(stated.data(), kNumberBytes) && stated == bytes_of_number(checksum.value());
}

}  // namespace

SnapshotHead head_of(const Simulation& simulation, const std::string& id, Json scenario,
                     std::vector<std::string> beside) {
  SnapshotHead head;
  head.id = id;
  head.profile = profile_of(scenario);
  head.scenario = std::move(scenario);
  head.inputs = simulation.workload().scenario().inputs;
  head.version = version_and_revision();
  head.beside = std::move(beside);
  return head_of(simulation, std::move(head));
}

SnapshotHead head_of(const Simulation& simulation, SnapshotHead earlier) {
  earlier.events = simulation.totals().events;
  earlier.step = simulation.step();
  earlier.time = simulation.now();
  earlier.digest = simulation.digest().run_hex();
  return earlier;
}

void write_snapshot(const fs::path& file, const SnapshotHead& head, const StateWalk& walk) {
  write_whole(file, [&](const PutBytes& put) {
    SnapshotWriter writer(put);
    const std::string text = json_of(head).dump();
    writer.plain(fmt::format("{}{}\n", kFirstWords, kSnapshotLayout));
    const auto length = bytes_of_number(text.size());
    writer.plain({length.data(), length.size()});
    writer.plain(text);
    Archive archive(Archive::Sink([&](std::span<const char> bytes) { writer.compressed(bytes); }));
    walk(archive);
    archive.flush();
    writer.finish();
  });
}

SnapshotFile::SnapshotFile(const fs::path& file) : path_(file), file_(file, std::ios::binary) {
  if (!file_ || fs::is_directory(file))
    throw InputError(
        {file.string(), std::string("cannot be read: ") + std::strerror(errno), "check the path"});
  file_.seekg(0, std::ios::end);
  const auto size = static_cast<std::uint64_t>(file_.tellg());
  file_.seekg(0);
  std::string first(kFirstWords.size(), ' ');
  file_.read(first.data(), static_cast<std::streamsize>(first.size()));
  if (!file_ || first != kFirstWords) throw damaged(file, "it does not begin as one");
  file_.seekg(0);
  if (size < kFirstWords.size() + kNumberBytes || !is_whole(file_, size))
    throw damaged(file, "bytes are missing or altered");
  file_.seekg(static_cast<std::streamoff>(kFirstWords.size()));
  std::string layout;
  std::getline(file_, layout);
  if (layout != std::to_string(kSnapshotLayout))
    throw InputError(
        {file.string(),
         fmt::format("has layout {}, and this program reads layout {}", layout, kSnapshotLayout),
         "go on with the version of byzsim that wrote it, or run from the beginning"});
  std::array<char, kNumberBytes> length{};
  file_.read(length.data(), kNumberBytes);
  const auto head_bytes = std::bit_cast<std::uint64_t>(length);
  const auto head_begin = static_cast<std::uint64_t>(file_.tellg());
  if (!file_ || head_bytes > kMostHeadBytes || head_begin + head_bytes + kNumberBytes > size)
    throw damaged(file, "it ends within its head");
  std::string head(head_bytes, ' ');
  file_.read(head.data(), static_cast<std::streamsize>(head_bytes));
  head_ = read_fields(file.string(), "run from the beginning",
                      [&] { return head_from(parse_json(head, file.string())); });
  state_begin_ = head_begin + head_bytes;
  state_end_ = size - kNumberBytes;
}

void SnapshotFile::read(const StateWalk& walk) {
  StateReader reader(file_, state_begin_, state_end_);
  Archive archive(Archive::Source([&](std::span<char> wanted) { reader.fill(wanted); }));
  try {
    walk(archive);
    Archive::expect(reader.is_at_end());
  } catch (const InputError& error) {
    Issues issues = error.issues();
    for (Issue& issue : issues)
      if (issue.where.empty()) issue.where = path_.string();
    throw InputError(std::move(issues));
  }
}

std::vector<std::string> differences(const SnapshotHead& snapshot, const SnapshotHead& run) {
  std::vector<std::string> found = changed_inputs(snapshot.inputs, run.inputs);
  if (found.empty() && snapshot.id != run.id)
    found.push_back(fmt::format("it is of run {}, not of {}", snapshot.id, run.id));
  if (snapshot.profile != run.profile)
    found.push_back(
        fmt::format("its numeric profile is {}, and here it is {}", snapshot.profile, run.profile));
  // Another version may compute other bits, and a run would be of neither.
  if (snapshot.version != run.version)
    found.push_back(fmt::format("it was written by byzsim {}, and this is byzsim {}",
                                snapshot.version, run.version));
  if (snapshot.beside != run.beside)
    found.push_back(fmt::format("it holds {}, and now {} is asked for",
                                named_state(snapshot.beside), named_state(run.beside)));
  return found;
}

}  // namespace byzsim
