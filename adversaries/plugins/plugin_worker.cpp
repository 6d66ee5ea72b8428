#include "adversaries/plugins/plugin_worker.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "adversaries/plugins/declared_json.h"
#include "adversaries/plugins/plugin_text.h"

namespace byzsim {
namespace {

constexpr int kTurn = 20;  // milliseconds
constexpr long kTurnsOfSecond = 1000 / kTurn;
constexpr long kLongestWait = 10;  // times the limit of processor time
constexpr int kTurnsForStatus = 100;

// Processor time that a process has used, in ticks; nothing when it has ended. Only Linux tells it:
// elsewhere it is 0, and the limit of waiting holds.
std::optional<long> time_used(pid_t process) {
#if !defined(__linux__)
  return ::kill(process, 0) == 0 ? std::optional(0L) : std::nullopt;
#endif
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string line;
  std::getline(file, line);
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  std::string field;
  long in_user = 0, in_system = 0;
  fields >> field;
  if (field == "Z" || field == "X") return std::nullopt;
  for (int i = 0; i < 10; ++i) fields >> field;
  fields >> in_user >> in_system;
  return in_user + in_system;
}

std::string text_of_signal(int signal) {
#if defined(__GLIBC__)
  if (const char* name = ::sigabbrev_np(signal)) return std::string("SIG") + name;
#endif
  return std::to_string(signal);
}

}  // namespace

bool ProcessWatch::wait(int from) {
  pollfd descriptor{from, POLLIN, 0};
  for (;;) {
    const int ready = ::poll(&descriptor, 1, kTurn);
    if (ready > 0) return true;  // to read, or the end
    if (ready < 0 && errno != EINTR) return false;
    const auto used = time_used(process_);
    if (!used) return false;
    if (!used_before_) used_before_ = used;
    const bool busy = *used - *used_before_ >= seconds_ * ::sysconf(_SC_CLK_TCK);
    const bool slow = ++waited_ >= seconds_ * kTurnsOfSecond * kLongestWait;
    if (!busy && !slow) continue;
    problem_ = busy ? fmt::format("used more than {} s of processor time", seconds_)
                    : fmt::format("did not return within {} s", seconds_ * kLongestWait);
    ::kill(process_, SIGKILL);
    return false;
  }
}

Issue ProcessWatch::issue(const std::string& place, const ProcessReport& report, int status) const {
  const std::string remedy = "fix the plugin, or do without it";
  if (!problem_.empty()) return {place, problem_, remedy + "; --plugin-seconds N sets the limit"};
  std::array<char, 4080> text = report.fault;
  text.back() = '\0';
  std::istringstream lines(text.data());
  std::string where, problem;
  if (std::getline(lines, where) && std::getline(lines, problem))
    return {shown_text(where.c_str()), shown_text(problem.c_str()), remedy};
  if (WIFSIGNALED(status))
    return {place, "was ended by the signal " + text_of_signal(WTERMSIG(status)), remedy};
  return {place, fmt::format("ended its process with exit code {}", WEXITSTATUS(status)), remedy};
}

PluginWorker::PluginWorker(const Descriptor& control)
    : connection_(SOCK_STREAM),
      file_(make_memory_file(kReportSize)),
      memory_(file_, 0, kReportSize, true) {
  if (!send_descriptors(control, connection_.theirs, file_))
    throw std::system_error(errno, std::generic_category());
  connection_.theirs = Descriptor();
  const auto begun = receive_message(connection_.ours, [](int) { return true; });
  if (!begun) throw std::system_error(EAGAIN, std::generic_category());
  process_ = begun->json.value("process", 0);
}

void PluginWorker::refuse_ended(const PluginFunction& function, const ProcessWatch& watch) const {
  const auto& report = *reinterpret_cast<const ProcessReport*>(memory_.data());
  for (int turn = 0; turn < kTurnsForStatus && report.ended == 0; ++turn) ::poll(nullptr, 0, kTurn);
  throw BrokenPromise(watch.issue(function.place, report, report.status));
}

PluginMessage PluginWorker::ask(const PluginFunction& function, const PluginQuestion& question,
                                int seconds, const Defend& defend) {
  const std::size_t needed = kReportSize + question.inputs.size();
  if (needed > memory_.size()) {
    grow_memory_file(file_, needed);
    memory_ = SharedMemory(file_, 0, needed, true);
  }
  question.inputs.write(memory_.data() + kReportSize);
  Json json = question.json;
  json["size"] = memory_.size() - kReportSize;
  ProcessWatch watch(process_, seconds);
  if (!send_message(connection_.ours, json)) refuse_ended(function, watch);
  for (;;) {
    auto answer = receive_message(connection_.ours, [&](int from) { return watch.wait(from); });
    if (!answer) refuse_ended(function, watch);
    if (answer->json.contains("errors")) {
      const Issues issues = issues_from(answer->json["errors"]);
      if (issues.empty()) refuse_plugin(function, "gave no answer that can be read");
      if (answer->json.contains("promise")) throw BrokenPromise(issues);
      throw InputError(issues);
    }
    if (answer->json.contains("threads")) refuse_plugin(function, "started a thread and left it");
    if (!answer->json.contains("defend")) return std::move(*answer);
    const std::optional<std::string> made = defend ? defend(*answer) : std::nullopt;
    send_message(connection_.ours, Json::object(), made ? *made : std::string());
  }
}

std::unique_ptr<PluginWorker> PluginWorkers::take() {
  const std::lock_guard lock(mutex_);
  if (owner_ != ::getpid()) idle_.clear();
  owner_ = ::getpid();
  if (idle_.empty()) return std::make_unique<PluginWorker>(control_);
  std::unique_ptr<PluginWorker> worker = std::move(idle_.back());
  idle_.pop_back();
  return worker;
}

PluginMessage PluginWorkers::ask(const PluginFunction& function, const PluginQuestion& question,
                                 const PluginWorker::Defend& defend) {
  std::unique_ptr<PluginWorker> worker;
  try {
    worker = take();
  } catch (const std::system_error& error) {
    refuse_plugin(function, std::string("has no process to run in: ") + error.code().message());
  }
  PluginMessage answer = worker->ask(function, question, seconds_, defend);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(worker));
  return answer;
}

}  // namespace byzsim
