#include "tools/run/trace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "adversaries/coalition.h"
#include "core/input/archive.h"
#include "core/input/issue.h"
#include "sim/scenario/node_name.h"

namespace byzsim {
namespace {

enum class Lane { computing = 0, twin_computing = 1, messages = 2 };
constexpr int kRunProcess = 3;
// Thread ids are unique in the file and lie above those of processes: Perfetto takes a thread with
// the id of a process for its main thread.
constexpr std::uint64_t kFirstThread = 4;

int process_of(NodeId node) { return node.role == Role::server ? 1 : 2; }

std::string place(NodeId node, Lane lane) {
  return fmt::format(R"("pid":{},"tid":{})", process_of(node),
                     kFirstThread + 3 * node.code() + static_cast<std::uint64_t>(lane));
}

// Nanoseconds as the microseconds of the format, exactly.
std::string microseconds(SimTime time) { return fmt::format("{}.{:03}", time / 1000, time % 1000); }

std::string slice(const std::string& name, NodeId node, Lane lane, SimTime begin, SimTime end,
                  const std::string& arguments) {
  return fmt::format(R"({{"ph":"X","name":"{}",{},"ts":{},"dur":{},"args":{{{}}}}})", name,
                     place(node, lane), microseconds(begin), microseconds(end - begin), arguments);
}

// An end of an arrow; it binds to the last slice before it in the file at its time and thread.
std::string flow_end(const std::string& kind, const std::string& name, std::uint64_t flow,
                     NodeId node, SimTime time) {
  return fmt::format(R"({{{},"cat":"message","name":"{}","id":{},{},"ts":{}}})", kind, name, flow,
                     place(node, Lane::messages), microseconds(time));
}

std::string name_of_process(int process, const std::string& name) {
  return fmt::format(R"({{"ph":"M","name":"process_name","pid":{},"args":{{"name":"{}"}}}})",
                     process, name);
}

InputError cannot_begin(const std::string& path, int reason) {
  return InputError({"--trace " + path, std::string("cannot write: ") + std::strerror(reason),
                     "name a file in a directory that exists"});
}

// What is there and no plain file (a device, a pipe, a link) is written in its place.
std::string written_first(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status there = std::filesystem::symlink_status(path, error);
  if (std::filesystem::is_directory(there)) throw cannot_begin(path, EISDIR);
  const bool special = std::filesystem::exists(there) && !std::filesystem::is_regular_file(there);
  return special ? path : path + ".partial";
}

// A file that is there keeps its bytes.
std::FILE* open_to_write(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  return file < 0 ? nullptr : ::fdopen(file, "r+");
}

std::int64_t length_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? -1 : static_cast<std::int64_t>(size);
}

}  // namespace

TraceFile::TraceFile(const std::string& path, const Scenario& scenario)
    : scenario_(scenario),
      path_(path),
      written_(written_first(path)),
      file_(written_ == path ? std::fopen(path.c_str(), "w") : open_to_write(written_),
            &std::fclose) {
  if (file_ && written_ != path && ::flock(::fileno(file_.get()), LOCK_EX | LOCK_NB) != 0) {
    // Two runs with one --trace must not write into one file.
    written_ = fmt::format("{}.tmp-{}", path, ::getpid());
    file_.reset(std::fopen(written_.c_str(), "w"));
  }
  if (!file_) throw cannot_begin(path, errno);
}

void TraceFile::begin() {
  if (written_ != path_ && ::ftruncate(::fileno(file_.get()), 0) != 0) fail();
  print("{\"traceEvents\":[");
  add(name_of_process(1, scenario_.one_role ? "nodes" : "servers"));
  if (!scenario_.one_role) add(name_of_process(2, "workers"));
  add(name_of_process(kRunProcess, "run"));
  name_threads();
}

TraceFile::~TraceFile() {
  // Of a run that failed nothing is left.
  if (written_ != path_ && !relied_on_) std::remove(written_.c_str());
}

void TraceFile::walk(Archive& archive) {
  if (!archive.reads() && (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0))
    // A pipe cannot be synced, and is not gone on with.
    if (errno != EINVAL && errno != ENOTSUP) fail();
  std::int64_t bytes = archive.reads() ? 0 : std::ftell(file_.get());
  archive(bytes, first_, flows_, sent_);
  if (archive.reads()) go_on_at(bytes);
  relied_on_ = true;
}

void TraceFile::go_on_at(std::int64_t bytes) {
  if (written_ == path_ || (length_of(written_) < bytes && length_of(path_) < bytes))
    throw InputError({"--trace " + path_,
                      "the timeline so far is not there any more, and the run cannot go on with it",
                      "run from the beginning with --force"});
  if (length_of(written_) < bytes)
    std::filesystem::copy_file(path_, written_, std::filesystem::copy_options::overwrite_existing);
  if (::ftruncate(::fileno(file_.get()), bytes) != 0 ||
      std::fseek(file_.get(), static_cast<long>(bytes), SEEK_SET) != 0)
    fail();
}

void TraceFile::name_threads() {
  // Only the adversary knows which nodes are twins.
  const auto adversary = make_adversary(scenario_);
  const auto name_thread = [&](NodeId node, Lane lane, const std::string& name) {
    add(fmt::format(R"({{"ph":"M","name":"thread_name",{},"args":{{"name":"{}"}}}})",
                    place(node, lane), name));
    add(fmt::format(R"({{"ph":"M","name":"thread_sort_index",{},"args":{{"sort_index":{}}}}})",
                    place(node, lane), 3 * node.index + static_cast<std::uint32_t>(lane)));
  };
  for (const Role role : roles_of(scenario_)) {
    for (std::int64_t i = 0; i < scenario_.group_of(role).count; ++i) {
      const NodeId node{role, static_cast<std::uint32_t>(i)};
      const bool byzantine = scenario_.is_byzantine(node);
      const std::string name = name_of_node(scenario_, node) + (byzantine ? " (Byzantine)" : "");
      name_thread(node, Lane::computing, name);
      if (byzantine && adversary->twins(scenario_, node))
        name_thread(node, Lane::twin_computing, name + ": its twin");
      name_thread(node, Lane::messages, name + ": messages");
    }
  }
}

void TraceFile::write(const Occurrence& occurrence) {
  if (const Computed* computed = occurrence.computation()) write_computation(occurrence, *computed);
  if (const Delivery* delivery = occurrence.delivery()) write_message(occurrence, *delivery);
}

void TraceFile::write_computation(const Occurrence& occurrence, const Computed& computed) {
  const Lane lane = occurrence.twin == 1 ? Lane::twin_computing : Lane::computing;
  add(slice(fmt::format("{} step {}", to_string(computed.phase), computed.step), occurrence.target,
            lane, computed.begun, occurrence.time, ""));
}

void TraceFile::write_message(const Occurrence& occurrence, const Delivery& delivery) {
  const Message& message = *delivery.message;
  const SimTime sent = delivery.sent;
  const NodeId sender = message.sender, receiver = occurrence.target;
  const std::string name = fmt::format("{} step {}", to_string(message.phase), message.step);
  const std::string what =
      fmt::format(R"("phase":"{}","step":{})", to_string(message.phase), message.step);
  const std::uint64_t flow = ++flows_;
  if (sent_.emplace(sent, sender, message.phase, message.step).second)
    // Once for all receivers (sent_).
    add(slice("send " + name, sender, Lane::messages, sent, sent, what));
  add(flow_end(R"("ph":"s")", name, flow, sender, sent));
  add(slice("receive " + name, receiver, Lane::messages, occurrence.time, occurrence.time,
            fmt::format(R"({},"verdict":"{}","from":"{}")", what, to_string(*occurrence.verdict),
                        name_of_node(scenario_, sender))));
  add(flow_end(R"("ph":"f","bp":"e")", name, flow, receiver, occurrence.time));
}

void TraceFile::finish(const std::vector<MetricsRow>& rows) {
  const auto counter = [&](const MetricsRow& row, const char* name, std::optional<double> value) {
    if (!value) return;
    add(fmt::format(R"({{"ph":"C","name":"{}","pid":{},"ts":{},"args":{{"{}":{}}}}})", name,
                    kRunProcess, microseconds(std::llround(row.simulated_seconds * 1e9)), name,
                    *value));
  };
  for (const MetricsRow& row : rows) {
    counter(row, "drift", row.drift);
    counter(row, "loss", row.loss);
  }
  print("\n]}\n");
  // A full disk often shows only here, and the rename must not present half a file.
  if (std::fflush(file_.get()) != 0) fail();
  if (written_ == path_) return;
  if (std::rename(written_.c_str(), path_.c_str()) != 0) fail();
  written_ = path_;
}

void TraceFile::add(const std::string& event) {
  print((first_ ? "\n" : ",\n") + event);
  first_ = false;
}

void TraceFile::print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) fail();
}

void TraceFile::fail() const {
  throw InputError({"--trace " + path_, std::string("cannot write: ") + std::strerror(errno),
                    "free some space"});
}

}  // namespace byzsim
