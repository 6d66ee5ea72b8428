#include "tools/child_process.h"

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

#include "adversaries/plugins/message_channel.h"
#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_guard.h"
#include "adversaries/plugins/plugin_text.h"

namespace byzsim {
namespace {

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

}  // namespace

std::string answer_of_child(
    const std::function<std::string(const std::function<void(double)>&)>& work,
    const std::function<void(double)>& show) {
  const Descriptor file = make_memory_file(sizeof(SharedState));
  const SharedMemory memory(file, 0, sizeof(SharedState), true);
  auto& state = *reinterpret_cast<SharedState*>(memory.data());
  Connection connection(SOCK_STREAM);
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category());
  if (child == 0) {
    end_with_parent();
    report_faults_to(state.fault.data(), state.fault.size());
    const std::string answer = work([&](double share) { state.share = share; });
    const bool sent = send_message(connection.theirs, Json::object(), answer);
    ::_exit(sent ? 0 : 2);
  }
  connection.theirs = Descriptor();
  const auto answer = receive_message(connection.ours, [&](int from) {
    pollfd descriptor{from, POLLIN, 0};
    while (::poll(&descriptor, 1, kShowEvery) == 0) {
      show(state.share);
      // A process that the plugin left may still hold the connection.
      siginfo_t ended{};
      if (::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          ended.si_pid == child)
        return ::poll(&descriptor, 1, 0) > 0;
    }
    return true;
  });
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (!answer) throw BrokenPromise(issue_of_end(state, status));
  return answer->bytes;
}

}  // namespace byzsim
