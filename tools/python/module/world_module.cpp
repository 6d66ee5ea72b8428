// A run as a value: stepped, looked at, forked, told what to decide.
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/begin_run.h"
#include "adversaries/known_strategies.h"
#include "adversaries/plugins/plugin_library.h"
#include "adversaries/recorder.h"
#include "adversaries/search/objective.h"
#include "core/input/issue.h"
#include "sim/results/results.h"
#include "sim/scenario/node_name.h"
#include "sim/scenario/scenario_json.h"
#include "sim/snapshot/snapshot.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/interruption.h"
#include "tools/python/module/models.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/python_lock.h"
#include "tools/python/module/resolved_scenario.h"
#include "tools/python/module/world_events.h"
#include "tools/run/replay.h"

namespace byzsim::python {
namespace {

// What nodes have done last, as far as users look at it.
struct Latest {
  static constexpr std::size_t kFields = 3;  // of an archive
  struct Quorum {
    static constexpr std::size_t kFields = 3;  // of an archive
    Phase phase;
    std::int64_t step;
    std::vector<NodeId> senders;
  };
  struct Gradient {
    static constexpr std::size_t kFields = 2;  // of an archive
    std::int64_t step;
    Payload vector;
  };

  void keep(const Occurrence& occurrence) {
    keep_models(occurrence, models);
    for (const Deed& deed : occurrence.deeds) {
      if (const auto* sent = std::get_if<Sent>(&deed)) {
        if (sent->key.phase == Phase::gradient && sent->node.role == Role::worker)
          gradients[sent->node.index] = {sent->key.step, sent->vector};
      } else if (const auto* used = std::get_if<Used>(&deed)) {
        Quorum& quorum = quorums[used->node];
        quorum = {used->consume.phase, used->consume.step, {}};
        for (const Heard& heard : used->consume.heard) quorum.senders.push_back(heard.sender);
      }
    }
  }

  ModelsByServer models;
  std::map<std::uint32_t, Gradient> gradients;  // of workers; as honest ones in their place
  std::map<NodeId, Quorum> quorums;
};

// Copies share the threads, the data and what never changes.
class PythonWorld {
 public:
  PythonWorld(const ResolvedScenario& resolved, int threads, const std::string& record)
      : PythonWorld(executor_for(resolved.scenario, threads), resolved.scenario, record) {}

  py::object step() {
    check_process();
    const Occurrence* occurrence = nullptr;
    Interruption interruption;
    work_unlocked(interruption, false, [&] { occurrence = advance(); });
    interruption.raise();
    return occurrence ? py::object(event_to_python(*occurrence, one_role())) : py::none();
  }
  // Events until what is asked for has been reached; false where the run ends before.
  bool run_to_step(std::int64_t step) {
    return run_until([&] { return simulation_.step() >= step; });
  }
  bool run_to_event(std::uint64_t number) {
    return run_until([&] { return simulation_.totals().events >= number; });
  }
  bool run_to_sent(std::int64_t step) {
    return run_until([&] { return simulation_.furthest() >= step; });
  }
  bool run_to_time(double seconds) {
    return run_until([&] { return double(simulation_.now()) * 1e-9 >= seconds; });
  }
  bool run_to_end() {
    return run_until([] { return false; });
  }
  // The script of another scenario decides from now on.
  void follow(const ResolvedScenario& resolved) {
    const Scenario& scenario = resolved.scenario;
    make_coalition(scenario);  // throws for what no run can follow
    if (memory_for(scenario) > memory_)
      throw InputError({"/adversary/script",
                        "replays what was sent " + std::to_string(memory_for(scenario)) +
                            " steps before, and this world remembers " + std::to_string(memory_),
                        "give the scenario a move with that attack in its last step"});
    simulation_.follow(std::make_shared<const Script>(scenario.script));
  }
  std::optional<double> measured(const std::string& objective) const {
    check_process();
    Simulation copy = simulation_;
    const OthersRun others_run;
    copy.finish();
    Objective asked = read_objective(objective);
    return measure(asked, copy);
  }
  bool diverged() const {
    Simulation copy = simulation_;
    const OthersRun others_run;
    copy.finish();
    return has_diverged(copy);
  }
  RunFiles files() const {
    check_process();
    const OthersRun others_run;
    Simulation copy = simulation_;
    copy.finish();
    const RunStatus status = ended_ ? status_of(copy) : RunStatus::interrupted;
    return files_of(result_of(copy, scenario_tables(), status, {0, executor_->threads()}));
  }
  py::object record() const {
    const Script* record = simulation_.record();
    if (record == nullptr) return py::none();
    const Scenario recorded = scenario_of_record(simulation_.workload().scenario(), *record);
    return py::str(write_scenario(recorded, scenario_tables()).dump());
  }
  // `resolved` is its scenario with the script that it follows now.
  void save(const ResolvedScenario& resolved, const std::string& file) {
    check_process();
    check_no_hidden_state("which no file can hold");
    const OthersRun others_run;
    write_snapshot(file, head_for(resolved.scenario), [&](Archive& archive) { walk(archive); });
  }
  void load(const ResolvedScenario& resolved, const std::string& file) {
    check_no_hidden_state("which no file can hold");
    const OthersRun others_run;
    SnapshotFile snapshot(file);
    SnapshotHead own = head_for(resolved.scenario);
    // A run keeps no more than the run itself.
    const bool of_a_run = snapshot.head().beside.empty() && simulation_.record() == nullptr;
    if (of_a_run) own.beside.clear();
    if (const auto differ = differences(snapshot.head(), own); !differ.empty())
      throw InputError({file, differ.front(), "load it with what it was saved of"});
    snapshot.read([&](Archive& archive) {
      if (of_a_run)
        simulation_.walk(archive);
      else
        walk(archive);
    });
  }
  std::unique_ptr<PythonWorld> fork() const {
    check_no_hidden_state("which both would change");
    return std::make_unique<PythonWorld>(*this);
  }
  const Simulation& simulation() const { return simulation_; }
  const ModelsByServer& models() const {
    check_process();
    return latest_.models;
  }
  py::object model_of(std::uint32_t server) const {
    check_process();
    const auto found = latest_.models.find(server);
    return found == latest_.models.end() ? py::none() : view_of(found->second.model);
  }
  py::object gradient_of(std::uint32_t worker) const {
    check_process();
    const auto found = latest_.gradients.find(worker);
    if (found == latest_.gradients.end()) return py::none();
    return py::make_tuple(found->second.step, view_of(found->second.vector));
  }
  py::object quorum_of(const std::string& role, std::uint32_t index) const {
    const auto found = latest_.quorums.find(node_of(role, index));
    if (found == latest_.quorums.end()) return py::none();
    py::list senders;
    for (const NodeId sender : found->second.senders)
      senders.append(node_to_python(sender, one_role()));
    return py::make_tuple(to_string(found->second.phase), found->second.step, senders);
  }
  py::dict seen(std::int64_t step, const std::string& phase, std::int64_t round) const {
    check_process();
    const std::optional<Phase> asked = from_word<Phase>(phase);
    if (!asked)
      refuse_argument("phase", "unknown phase '" + phase + "'",
                      choose_from(phase, words_of<Phase>()));
    return seen_to_python(simulation_.seen({step, *asked, round}), one_role());
  }
  bool ended() const { return ended_; }
  bool one_role() const { return simulation_.workload().scenario().one_role; }
  std::int64_t step_of(const std::string& role, std::uint32_t index) const {
    return simulation_.step_of(node_of(role, index));
  }

 private:
  PythonWorld(std::shared_ptr<Executor> executor, const Scenario& scenario,
              const std::string& record)
      : executor_(std::move(executor)),
        simulation_(world_of(scenario, *executor_, record)),
        memory_(memory_for(scenario)),
        record_(record) {}

  static Simulation world_of(const Scenario& scenario, const Executor& executor,
                             const std::string& record) {
    std::shared_ptr<const TrunkState> trunk;
    return begin_run(
        make_workload(scenario, executor),
        {[](const Scenario& each, const Executor& on) { return make_workload(each, on); },
         [&](const Scenario& each) { return adversary_of(each, record); }},
        trunk);
  }

  void walk(Archive& archive) { archive(simulation_, latest_, ended_); }
  SnapshotHead head_for(const Scenario& scenario) const {
    std::vector<std::string> beside = {"world of Python's"};
    if (!record_.empty()) beside.push_back("record by " + record_);
    return head_of(simulation_, scenario_id(scenario, scenario_tables()),
                   write_scenario(scenario, scenario_tables()), std::move(beside));
  }
  void check_no_hidden_state(const std::string& why) const {
    const std::vector<PluginFile>& plugins = simulation_.workload().scenario().plugins;
    if (std::any_of(plugins.begin(), plugins.end(), keeps_state))
      refuse_argument("world", "a plugin of its scenario keeps state, " + why,
                      "make each world from its beginning, in a process of its own");
  }

  // What its threads had begun in another process ends in that one alone.
  void check_process() const {
    if (executor_->threads() > 1 && ::getpid() != process_)
      refuse_argument("world", "its threads are in the process that this one is a copy of",
                      "make it in this process, or with threads=1");
  }

  static std::unique_ptr<Adversary> adversary_of(const Scenario& scenario,
                                                 const std::string& record) {
    if (record.empty()) return make_adversary(scenario);
    return std::make_unique<Recorder>(
        *make_coalition(scenario),
        record == "value" ? RecordedVectors::by_value : RecordedVectors::by_reference);
  }
  const Occurrence* advance() {
    const Occurrence* occurrence = ended_ ? nullptr : simulation_.advance();
    if (occurrence == nullptr)
      ended_ = true;
    else
      latest_.keep(*occurrence);
    return occurrence;
  }
  NodeId node_of(const std::string& role, std::uint32_t index) const {
    const NodeId node{role == "worker" ? Role::worker : Role::server, index};
    if (index >= simulation_.workload().scenario().group_of(node.role).count)
      refuse_argument(role, "there is no " + name_of_node(one_role(), node), "count from 0");
    return node;
  }
  template <class Reached>
  bool run_until(const Reached& reached) {
    check_process();
    bool came = false;
    Interruption interruption;
    work_unlocked(interruption, false, [&] {
      while (!(came = reached()) && !interruption.stops() && advance() != nullptr) continue;
    });
    interruption.raise();
    return came;
  }

  std::shared_ptr<Executor> executor_;  // outlives what was launched on it
  Simulation simulation_;
  std::int64_t memory_;  // steps that attacks can replay
  std::string record_;   // "reference" or "value"; empty: none
  Latest latest_;
  bool ended_ = false;
  pid_t process_ = ::getpid();
};

}  // namespace

void define_worlds(py::module_& module) {
  module.def(
      "snapshot_head",
      [](const std::string& file) {
        const SnapshotFile snapshot(file);
        const SnapshotHead& head = snapshot.head();
        return Json{{"scenario", head.scenario}, {"beside", head.beside}}.dump();
      },
      py::arg("file"));
  using World = PythonWorld;
  py::class_<World>(module, "World")
      .def(py::init([](const ResolvedScenario& resolved, int threads, const std::string& record) {
             check_this_thread();
             const OthersRun others_run;
             return std::make_unique<World>(resolved, threads, record);
           }),
           py::arg("scenario"), py::arg("threads"), py::arg("record"))
      .def("step", &World::step)
      .def("run_to_step", &World::run_to_step)
      .def("run_to_event", &World::run_to_event)
      .def("run_to_sent", &World::run_to_sent)
      .def("run_to_time", &World::run_to_time)
      .def("run_to_end", &World::run_to_end)
      .def("fork", &World::fork)
      .def("save", &World::save)
      .def("load", &World::load)
      .def("follow", &World::follow)
      .def("measured", &World::measured)
      .def("diverged", &World::diverged)
      .def("files", &World::files)
      .def("record", &World::record)
      .def("step_of", &World::step_of)
      .def("model_of", &World::model_of)
      .def("gradient_of", &World::gradient_of)
      .def("quorum_of", &World::quorum_of)
      .def("seen", &World::seen)
      .def("next_events",
           [](const World& world, std::size_t most) {
             return next_events(world.simulation().future(), most, world.one_role());
           })
      .def_property_readonly("queued",
                             [](const World& world) { return world.simulation().future().size(); })
      .def_property_readonly("ended", &World::ended)
      .def_property_readonly(
          "now", [](const World& world) { return double(world.simulation().now()) * 1e-9; })
      .def_property_readonly("events",
                             [](const World& world) { return world.simulation().totals().events; })
      .def_property_readonly("steps_done",
                             [](const World& world) { return world.simulation().step(); })
      .def_property_readonly("furthest",
                             [](const World& world) { return world.simulation().furthest(); })
      .def_property_readonly(
          "digest", [](const World& world) { return world.simulation().digest().run_hex(); })
      .def_property_readonly("models",
                             [](const World& world) { return models_to_python(world.models()); });
}

}  // namespace byzsim::python
