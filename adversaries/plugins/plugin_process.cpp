#include "adversaries/plugins/plugin_process.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <utility>

#include "adversaries/plugins/data_answers.h"
#include "adversaries/plugins/declared_json.h"
#include "adversaries/plugins/plugin_answers.h"
#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_guard.h"

namespace byzsim {
namespace {

constexpr auto kNoWait = [](int) { return true; };

Json offer_of(const OpenPlugin& plugin) {
  Json offer = {{"keeps_state", plugin.keeps_state}, {"attacks", Json::array()},
                {"schedulers", Json::array()},       {"rules", Json::array()},
                {"models", Json::array()},           {"datasets", Json::array()}};
  for (const Attack& attack : plugin.entries.attacks)
    offer["attacks"].push_back({{"declaration", declared_json(attack.declaration)},
                                {"uses_honest", attack.uses_honest},
                                {"per_cluster", attack.per_half},
                                {"state_bytes", attack.state_bytes}});
  for (const Scheduler& scheduler : plugin.entries.schedulers)
    offer["schedulers"].push_back({{"declaration", declared_json(scheduler.declaration)},
                                   {"state_bytes", scheduler.state_bytes}});
  for (const Rule& rule : plugin.entries.rules)
    offer["rules"].push_back({{"declaration", declared_json(rule.declaration)},
                              {"proven", {rule.proven.times_f, rule.proven.plus}},
                              {"computable", {rule.computable.times_f, rule.computable.plus}},
                              {"growth", rule.growth},
                              {"sender_vectors", rule.sender_vectors},
                              {"uses_weights", rule.uses_weights},
                              {"cost", rule.cost}});
  for (const ModelEntry& model : plugin.entries.models)
    offer["models"].push_back(declared_json(model.declaration));
  for (const DatasetEntry& dataset : plugin.entries.datasets)
    offer["datasets"].push_back(declared_json(dataset.declaration));
  return offer;
}

// 0 where the system does not tell: then threads that a plugin starts go unnoticed.
std::size_t thread_count() {
  DIR* tasks = ::opendir("/proc/self/task");
  if (tasks == nullptr) return 0;
  std::size_t entries = 0;
  while (::readdir(tasks) != nullptr) ++entries;
  ::closedir(tasks);
  return entries;
}

PluginMessage answer_any(const OpenPlugin& plugin, const Json& question, InputsReader inputs,
                         const Descriptor& connection) {
  const Json& kind = question.at("kind");
  if (kind == "model") return answer_about_model(plugin.entries, question, inputs);
  if (kind == "data set") return answer_about_dataset(plugin.entries, question);
  return answer_question(plugin, question, inputs, connection);
}

PluginMessage answer_or_error(const OpenPlugin& plugin, const Json& question, InputsReader inputs,
                              const Descriptor& connection) {
  try {
    const std::size_t threads = thread_count();
    PluginMessage answer = answer_any(plugin, question, inputs, connection);
    if (thread_count() > threads) answer.json["threads"] = true;
    return answer;
  } catch (const BrokenPromise& error) {
    return {{{"errors", issues_json(error.issues())}, {"promise", true}}};
  } catch (const InputError& error) {
    return {{{"errors", issues_json(error.issues())}}};
  } catch (const std::exception& error) {
    return {{{"errors", issues_json({{"", error.what(), ""}})}}};
  }
}

[[noreturn]] void answer_questions(const OpenPlugin& plugin, const TwoDescriptors& given) {
  const SharedMemory report(given.second, 0, kReportSize, true);
  auto& page = *reinterpret_cast<ProcessReport*>(report.data());
  report_faults_to(page.fault.data(), page.fault.size());
  send_message(given.first, {{"process", ::getpid()}});
  SharedMemory inputs;
  while (const auto question = receive_message(given.first, kNoWait)) {
    const auto size = question->json.at("size").get<std::size_t>();
    if (size != inputs.size()) inputs = SharedMemory(given.second, kReportSize, size, false);
    expect_inputs_at(inputs.data(), inputs.size());
    const PluginMessage answer =
        answer_or_error(plugin, question->json, InputsReader(inputs.data()), given.first);
    if (!send_message(given.first, answer.json, answer.bytes)) break;
  }
  ::_exit(0);
}

// Waits for the process that answers, and keeps what ended it.
[[noreturn]] void watch_process(const OpenPlugin& plugin, TwoDescriptors given) {
  std::signal(SIGCHLD, SIG_DFL);
  const SharedMemory report(given.second, 0, kReportSize, true);
  auto& page = *reinterpret_cast<ProcessReport*>(report.data());
  const pid_t process = ::fork();
  if (process == 0) {
    end_with_parent();
    answer_questions(plugin, given);
  }
  given.first = Descriptor();
  int status = 0;
  if (process > 0)
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
  page.status = status;
  page.ended = 1;
  ::_exit(0);
}

}  // namespace

void be_plugin_process(const PluginFile& plugin, const Descriptor& control, ProcessReport& report) {
  end_with_parent();
  ::setpgid(0, 0);  // Ctrl-C is for byzsim to answer
  report_faults_to(report.fault.data(), report.fault.size());
  OpenPlugin opened;
  try {
    opened = open_plugin(plugin);
  } catch (const InputError& error) {
    send_message(control, {{"errors", issues_json(error.issues())}});
    ::_exit(0);
  }
  if (!send_message(control, offer_of(opened))) ::_exit(0);
  std::signal(SIGCHLD, SIG_IGN);
  while (auto given = receive_descriptors(control)) {
    const pid_t watcher = ::fork();
    if (watcher != 0) continue;
    end_with_parent();
    watch_process(opened, std::move(*given));
  }
  ::_exit(0);
}

}  // namespace byzsim
