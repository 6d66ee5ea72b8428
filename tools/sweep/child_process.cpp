#include "tools/sweep/child_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <system_error>

#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_guard.h"
#include "adversaries/plugins/plugin_text.h"

namespace byzsim {
namespace {

// Between two looks at what has no descriptor: a share that moved, a child that ended silently.
constexpr int kShowEvery = 200;  // milliseconds

// What both processes see of each other.
struct SharedState {
  std::array<char, 4000> fault;
  std::atomic<double> share;
};

Issue issue_of_end(const SharedState& state, int status) {
  std::istringstream lines(std::string(bounded_text(state.fault.data(), state.fault.size())));
  std::array<std::string, 3> fault;
  for (std::string& line : fault) std::getline(lines, line);
  Issue issue{shown_text(fault[0].c_str()), shown_text(fault[1].c_str()), fault[2]};
  if (!issue.problem.empty()) return issue;
  issue.where = "a plugin";
  issue.problem = WIFSIGNALED(status)
                      ? fmt::format("ended the run by the signal {}", WTERMSIG(status))
                      : fmt::format("ended the run with exit code {}", WEXITSTATUS(status));
  issue.remedy = "use --isolate-plugins, which names it";
  return issue;
}

SharedState& state_in(const SharedMemory& memory) {
  return *reinterpret_cast<SharedState*>(memory.data());
}

}  // namespace

ChildProcess::ChildProcess(const Work& work)
    : memory_(make_memory_file(sizeof(SharedState)), 0, sizeof(SharedState), true),
      connection_(SOCK_STREAM),
      process_(::fork()) {
  if (process_ < 0) throw std::system_error(errno, std::generic_category());
  if (process_ == 0) {
    // A killed sweep must not leave runs that nobody waits for.
    end_with_parent();
    SharedState& state = state_in(memory_);
    // In shared memory, since a crashing plugin leaves no time to send anything.
    report_faults_to(state.fault.data(), state.fault.size());
    const std::string answer = work([&](double share) { state.share = share; });
    const bool sent = send_message(connection_.theirs, Json::object(), answer);
    // Not exit(): what the parent has yet to write out would be written twice.
    ::_exit(sent ? 0 : 2);
  }
  // While this process holds the child's end too, the child's death would not end the reading.
  connection_.theirs = Descriptor();
}

double ChildProcess::share() const { return state_in(memory_).share; }

bool ChildProcess::has_ended() const {
  siginfo_t ended{};
  // WNOWAIT: the exit status stays for answer(), which reports it.
  return ::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == process_;
}

std::string ChildProcess::answer() {
  const auto answer = receive_message(connection_.ours, [&](int from) {
    pollfd descriptor{from, POLLIN, 0};
    // A process that the plugin left may still hold the connection.
    while (::poll(&descriptor, 1, kShowEvery) == 0)
      // Once more: the answer may have come between the two looks.
      if (has_ended()) return ::poll(&descriptor, 1, 0) > 0;
    return true;
  });
  int status = 0;
  // A child that is not waited for stays in the process table.
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
  if (!answer) throw BrokenPromise(issue_of_end(state_in(memory_), status));
  return answer->bytes;
}

void ChildProcess::end() {
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
}

std::vector<std::size_t> answered(const std::vector<ChildProcess*>& children) {
  std::vector<pollfd> descriptors;
  for (const ChildProcess* child : children)
    descriptors.push_back({child->connection_.ours.number(), POLLIN, 0});
  ::poll(descriptors.data(), descriptors.size(), kShowEvery);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < children.size(); ++i)
    // One that ended without an answer has nothing to read, perhaps not even the end of a file.
    if (descriptors[i].revents != 0 || children[i]->has_ended()) places.push_back(i);
  return places;
}

}  // namespace byzsim
