#include "tools/run/run_outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "sim/results/expectations.h"

namespace byzsim {
namespace {

// What a total is after a run to the last step; nothing for what such a run leaves open.
std::optional<double> at_last_step(const std::string& metric, const Json& run) {
  // Both are 0 after a run to its last step: an expectation of 1 asks for the early end.
  if (metric == "stalled" || metric == "timed_out") return 0;
  if (metric == "steps") return run.at("scenario").at("steps").get<double>();
  return std::nullopt;
}

bool asks_for_early_end(const Json& expectation, const Json& run) {
  const auto otherwise = at_last_step(expectation.at("metric").get<std::string>(), run);
  return expectation.at("holds").get<bool>() && otherwise &&
         !holds(*otherwise,
                from_word<Relation>(expectation.at("relation").get<std::string>()).value(),
                expectation.at("value").get<double>());
}

// "from 1 s to 3 s", "from 1 s on".
std::string span_of(const Json& parameters) {
  const std::string end = parameters.value("end", "never");
  return fmt::format("from {} {}", parameters.value("start", "0 ns"),
                     end == "never" ? "on" : "to " + end);
}

// What the fault did to a node, without its name.
std::string effect_of(const Json& fault, const Json& node, std::int64_t steps) {
  const Json parameters = fault.value("parameters", Json::object());
  const std::string name = fault.value("name", "");
  const auto done = node.at("steps").get<std::int64_t>();
  const std::string finished = fmt::format("and finished {} of {} steps", done, steps);
  // "never" is the declared default: a crash without an end is for good.
  if (name == "crash" && parameters.value("end", "never") == "never")
    return fmt::format("crashed at {} after step {}", parameters.value("start", "0 ns"), done);
  if (name == "crash") return fmt::format("was down {} {}", span_of(parameters), finished);
  if (name == "partition") return fmt::format("was cut off {} {}", span_of(parameters), finished);
  if (name == "straggler")
    return fmt::format("took {:.6g} times as long to compute {}", parameters.value("factor", 1.0),
                       finished);
  return fmt::format("was named by the fault {} {}", name, finished);
}

bool is_final_crash(const Json& fault) {
  return fault.value("name", "") == "crash" &&
         fault.value("parameters", Json::object()).value("end", "never") == "never";
}

// The pointer of the fault that crashed all nodes whose answers are missing for good; empty where
// none did. A fault lists its first nodes only: of more, it counts whether they are enough.
std::string crash_of(const Json& stall, const Json& run) {
  const Json& names = stall.at("first_missing");
  const Json faults = run.value("faults", Json::object());
  for (const Json& entry : faults.value("nodes", Json::array())) {
    const std::string pointer = entry.at("fault").get<std::string>();
    if (!is_final_crash(run.at("scenario").at(Json::json_pointer(pointer)))) continue;
    std::set<std::string> crashed;
    for (const Json& node : entry.at("first")) crashed.insert(node.at("node").get<std::string>());
    const auto known = std::count_if(names.begin(), names.end(), [&](const Json& name) {
      return crashed.contains(name.get<std::string>());
    });
    const bool has_more = entry.at("nodes") > crashed.size();
    if (std::size_t(known) == names.size() || (has_more && std::size_t(known) == crashed.size() &&
                                               entry.at("nodes") >= stall.at("missing")))
      return pointer;
  }
  return "";
}

}  // namespace

std::string early_end(const Json& run) {
  const std::string status = run.at("status").get<std::string>();
  const auto step = run.at("steps").get<std::int64_t>();
  if (status == "stalled") return fmt::format("stalled at step {}: a quorum never completed", step);
  if (status == "out_of_time" || status == "time_limit")  // the latter of versions before
    return fmt::format("time limit reached at step {}", step);
  return "";
}

std::string missing_answers(const Json& run) {
  if (!run.contains("stall")) return "";
  const Json& stall = run["stall"];
  std::string names;
  for (const Json& each : stall.at("first_missing"))
    names += (names.empty() ? "" : ", ") + each.get<std::string>();
  const auto more = stall.at("missing").get<std::size_t>() - stall.at("first_missing").size();
  if (more > 0) names += fmt::format(" and {} more", more);
  const std::string crash = crash_of(stall, run);
  if (!crash.empty()) names += fmt::format(", which {} crashed", crash);
  const Json& protocol = run.at("scenario").at("protocol");
  const bool has_deadline = protocol.value("parameters", Json::object()).contains("deadline");
  return fmt::format(
      "{} has {} of {} answers of step {}; none of {}{}", stall.at("server").get<std::string>(),
      stall.at("there").get<std::size_t>(), stall.at("needed").get<std::size_t>(),
      stall.at("step").get<std::int64_t>(), names,
      has_deadline             ? "; set /protocol/parameters/deadline to go on without them"
      : stall.at("there") != 0 ? "; a smaller /workers/quorum goes on without them"
      : crash.empty()          ? "; no quorum completes where no worker answers"
                      : "; no quorum completes without a worker: crash fewer, or set \"end\"");
}

bool ended_early(const Json& run) {
  const Json& expectations = run.at("expectations");
  return !early_end(run).empty() &&
         std::none_of(expectations.begin(), expectations.end(),
                      [&](const Json& each) { return asks_for_early_end(each, run); });
}

std::string verdict(const Json& expectation) {
  const Json& measured = expectation.at("measured");
  return fmt::format(
      "expectation {}: {} ({}) {} {}: {}", expectation.at("holds").get<bool>() ? "met" : "failed",
      expectation.at("metric").get<std::string>(), expectation.at("at").get<std::string>(),
      expectation.at("relation").get<std::string>(), expectation.at("value").get<double>(),
      measured.is_null() ? "undefined" : fmt::format("{:.4g}", measured.get<double>()));
}

std::vector<std::string> failed_expectations(const Json& run) {
  std::vector<std::string> failed;
  for (const Json& each : run.at("expectations"))
    if (!each.at("holds").get<bool>()) failed.push_back(verdict(each));
  return failed;
}

std::vector<std::string> fates_of_nodes(const Json& run) {
  std::vector<std::string> sentences;
  for (const Json& entry : run.at("faults").value("nodes", Json::array())) {
    const Json& scenario = run.at("scenario");
    const Json& fault = scenario.at(Json::json_pointer(entry.at("fault").get<std::string>()));
    const Json& first = entry.at("first");
    for (const Json& node : first)
      sentences.push_back(
          fmt::format("{} {}", node.at("node").get<std::string>(),
                      effect_of(fault, node, scenario.at("steps").get<std::int64_t>())));
    if (const auto all = entry.at("nodes").get<std::size_t>(); all > first.size())
      sentences.push_back(fmt::format("and {} more nodes of the same fault", all - first.size()));
  }
  return sentences;
}

}  // namespace byzsim
