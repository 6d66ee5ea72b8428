// A run as a value: stepped, looked at, forked, told what to decide.
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "adversaries/known_strategies.h"
#include "adversaries/recorder.h"
#include "adversaries/search/objective.h"
#include "sim/results/results.h"
#include "sim/scenario/scenario_json.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/interpreter.h"
#include "tools/python/module/models.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/resolved_scenario.h"
#include "tools/run/replay.h"

namespace byzsim::python {
namespace {

py::object node_to_python(NodeId node) {
  return py::make_tuple(node.role == Role::server ? "server" : "worker", node.index);
}

py::dict message_to_python(const Message& message) {
  py::dict told;
  told["sender"] = node_to_python(message.sender);
  told["phase"] = to_string(message.phase);
  told["step"] = message.step;
  told["round"] = message.round;
  told["vector"] = view_of(message.vector);
  return told;
}

struct DeedToPython {
  py::dict& told;
  void operator()(const Begun& deed) const {
    name("begun", deed.node);
    told["seconds"] = double(deed.span) * 1e-9;
  }
  void operator()(const Sent& deed) const {
    name("sent", deed.node);
    key(deed.key);
    told["vector"] = view_of(deed.vector);
  }
  void operator()(const Posted& deed) const {
    name("posted", deed.message->sender);
    told["receiver"] = node_to_python(deed.receiver);
    key({deed.message->step, deed.message->phase, deed.message->round});
    told["drawn"] = double(deed.drawn) * 1e-9;
    told["delay"] = double(deed.delay) * 1e-9;
    told["lost"] = deed.lost;
  }
  void operator()(const FaultActed& deed) const {
    told["what"] = "fault";
    told["fault"] = deed.fault;
  }
  void operator()(const Adopted& deed) const {
    name("adopted", deed.node);
    told["step"] = deed.adopt.step;
    told["model"] = view_of(deed.adopt.model);
  }
  void operator()(const Used& deed) const {
    name("quorum", deed.node);
    told["phase"] = to_string(deed.consume.phase);
    told["step"] = deed.consume.step;
    py::list senders;
    for (const Heard& heard : deed.consume.heard) senders.append(node_to_python(heard.sender));
    told["senders"] = senders;
  }
  void operator()(const AboutToGather& deed) const {
    name("gathering", deed.node);
    told["step"] = deed.gathering.step;
  }
  void operator()(const Judged& deed) const {
    name("judged", deed.node);
    told["sender"] = node_to_python(deed.judge.sender);
    told["accepted"] = deed.judge.accepted;
  }
  void name(const char* what, NodeId node) const {
    told["what"] = what;
    told["node"] = node_to_python(node);
  }
  void key(const MessageKey& key) const {
    told["phase"] = to_string(key.phase);
    told["step"] = key.step;
    told["round"] = key.round;
  }
};

py::dict event_to_python(const Occurrence& occurrence) {
  py::dict event;
  event["number"] = occurrence.number;
  event["time"] = double(occurrence.time) * 1e-9;
  event["node"] = node_to_python(occurrence.target);
  event["kind"] = to_string(occurrence.kind());
  event["cause"] = occurrence.cause;
  event["message"] =
      occurrence.message() ? py::object(message_to_python(*occurrence.message())) : py::none();
  event["verdict"] = occurrence.verdict ? py::object(py::str(to_string(*occurrence.verdict)))
                                        : py::object(py::none());
  py::list deeds;
  for (const Deed& deed : occurrence.deeds) {
    py::dict told;
    std::visit(DeedToPython{told}, deed);
    deeds.append(told);
  }
  event["deeds"] = deeds;
  return event;
}

// Copies share the threads, the data and what never changes.
class PythonWorld {
 public:
  PythonWorld(const ResolvedScenario& resolved, int threads, const std::string& record)
      : PythonWorld(std::make_shared<Executor>(threads), resolved.scenario, record) {}

  py::object step() {
    check_process();
    const Occurrence* occurrence = nullptr;
    {
      const OthersRun others_run;
      occurrence = advance();
    }
    return occurrence ? py::object(event_to_python(*occurrence)) : py::none();
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
    simulation_.follow(std::make_shared<const Script>(resolved.scenario.script));
  }
  std::optional<double> measured(const std::string& objective) const {
    check_process();
    Simulation copy = simulation_;
    const OthersRun others_run;
    copy.finish();
    Objective asked = read_objective(objective);
    return measure(asked, copy);
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
  const Simulation& simulation() const { return simulation_; }
  const ModelsByServer& models() const {
    check_process();
    return models_;
  }
  bool ended() const { return ended_; }
  std::int64_t step_of(const std::string& role, std::uint32_t index) const {
    const Scenario& scenario = simulation_.workload().scenario();
    const Role of = role == "worker" ? Role::worker : Role::server;
    if (index >= static_cast<std::uint64_t>(of == Role::worker ? scenario.workers.count
                                                               : scenario.servers.count))
      refuse_argument(role, "there is no " + to_string(NodeId{of, index}), "count from 0");
    return simulation_.step_of({of, index});
  }

 private:
  PythonWorld(std::shared_ptr<Executor> executor, const Scenario& scenario,
              const std::string& record)
      : executor_(std::move(executor)),
        simulation_(make_workload(scenario, *executor_), adversary_of(scenario, record)) {}

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
      keep_models(*occurrence, models_);
    return occurrence;
  }
  template <class Reached>
  bool run_until(const Reached& reached) {
    check_process();
    const OthersRun others_run;
    for (std::uint64_t count = 0; !reached(); ++count) {
      if (advance() == nullptr) return false;
      check_interpreter_goes_on();
      if (count % 1024 != 0) continue;
      const py::gil_scoped_acquire locked;
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    }
    return true;
  }

  std::shared_ptr<Executor> executor_;  // outlives what was launched on it
  Simulation simulation_;
  ModelsByServer models_;
  bool ended_ = false;
  pid_t process_ = ::getpid();
};

}  // namespace

void define_worlds(py::module_& module) {
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
      .def("fork", [](const World& world) { return std::make_unique<World>(world); })
      .def("follow", &World::follow)
      .def("measured", &World::measured)
      .def("files", &World::files)
      .def("record", &World::record)
      .def("step_of", &World::step_of)
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
