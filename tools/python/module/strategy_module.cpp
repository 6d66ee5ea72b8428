// Rules, attacks, schedulers and delays that are functions of Python's, in the tables of byzsim.
#include <fmt/format.h>

#include <cmath>

#include "adversaries/attacks/attack.h"
#include "adversaries/plugins/plugin_library.h"
#include "adversaries/schedulers/scheduler.h"
#include "core/exact/digest.h"
#include "core/input/units.h"
#include "core/kernels/vector_kernels.h"
#include "core/rules/rule.h"
#include "sim/network/delays/delay.h"
#include "sim/scenario/node_name.h"
#include "sim/world/draw_names.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/python_call.h"
#include "tools/python/module/python_declaration.h"

namespace byzsim::python {
namespace {

using namespace py::literals;

// What one aggregation is told, by name.
template <class Real>
py::dict rule_arguments(const RuleInput<Real>& input) {
  py::dict arguments = parameters_to_python(input.parameters);
  arguments["vectors"] = matrix_of_rows(input.vectors, input.dimension);
  arguments["f"] = input.f;
  arguments["stream"] = stream_to_python(input.stream);
  arguments["previous"] = input.previous
                              ? py::object(array_of_copies<Real>({input.previous, input.dimension}))
                              : py::none();
  arguments["own"] = input.own ? py::object(py::int_(*input.own)) : py::none();
  py::list weights;
  for (std::size_t i = 0; i < input.vectors.size(); ++i)
    weights.append(input.weights.empty() ? 1.0 / input.n() : input.weights[i]);
  arguments["weights"] = weights;
  py::list senders;
  for (const std::int32_t sender : input.senders) senders.append(sender);
  arguments["senders"] = senders;
  return arguments;
}

template <class Real>
bool all_rows_finite(const RuleInput<Real>& input) {
  return std::all_of(input.vectors.begin(), input.vectors.end(),
                     [&](const Real* row) { return all_finite(row, input.dimension); });
}

template <class Real>
void aggregate_by_python(const Callback& callback, const RuleInput<Real>& input, Real* out) {
  const std::string when = fmt::format("with {} vectors", input.n());
  std::vector<Real> made;
  call_python(
      callback, when, [&] { return rule_arguments(input); },
      [&](const py::object& answer) {
        made = values_from<Real>(answer, input.dimension, callback, when);
      });
  if (!all_finite(made.data(), made.size()) && all_rows_finite(input))
    refuse_answer(callback, when, "returned a number that is not finite of finite vectors");
  std::copy(made.begin(), made.end(), out);
}

void add_python_rule(const py::dict& declared, const py::object& function) {
  const Declaration declaration = declaration_from(declared, rules());
  const Callback callback{Kept(function), "rule " + declaration.name};
  const Bound needed = bound_from(declared, "needs");
  add_rule(
      {.declaration = declaration,
       .proven = bound_from(declared, "tolerates"),
       .computable = needed,
       .aggregate_float = [callback](const RuleInput<float>& input,
                                     float* out) { aggregate_by_python(callback, input, out); },
       .aggregate_double = [callback](const RuleInput<double>& input,
                                      double* out) { aggregate_by_python(callback, input, out); },
       .growth = growth_from(declared),
       .cost = declared["cost"].cast<std::string>()});
  note_interpreted(*declaration.plugin);
}

template <class Real>
py::dict attack_arguments(const AttackInput<Real>& input) {
  py::dict arguments = parameters_to_python(input.parameters);
  arguments["honest"] = matrix_of_rows(input.honest, input.dimension());
  arguments["own"] = array_of_copies<Real>(input.own);
  arguments["n"] = input.n;
  arguments["f"] = input.f;
  arguments["half"] = input.half;
  py::list halves;
  for (const int half : input.honest_halves) halves.append(half);
  arguments["halves"] = halves;
  arguments["stream"] = stream_to_python(input.stream);
  return arguments;
}

template <class Real>
std::vector<Real> craft_by_python(const Callback& callback, const AttackInput<Real>& input) {
  const std::string when = fmt::format("with {} honest vectors", input.honest.size());
  std::vector<Real> made;
  call_python(
      callback, when, [&] { return attack_arguments(input); },
      [&](const py::object& answer) {
        made = values_from<Real>(answer, input.dimension(), callback, when);
      });
  return made;
}

void add_python_attack(const py::dict& declared, const py::object& function) {
  const Declaration declaration = declaration_from(declared, attacks());
  const Callback callback{Kept(function), "attack " + declaration.name};
  add_attack(
      {.declaration = declaration,
       .uses_honest = declared["uses_honest"].cast<bool>(),
       .craft_float =
           [callback](const AttackInput<float>& input) { return craft_by_python(callback, input); },
       .craft_double =
           [callback](const AttackInput<double>& input) {
             return craft_by_python(callback, input);
           },
       .per_half = declared["per_half"].cast<bool>()});
  note_interpreted(*declaration.plugin);
}

py::tuple node_of(const Scenario& scenario, NodeId node) {
  return py::make_tuple(name_of_role(scenario.one_role, node.role), node.index);
}

// A span in nanoseconds that a function has returned.
double span_from(const py::object& answer, const Callback& callback, const std::string& when) {
  if (!PyNumber_Check(answer.ptr()) || py::isinstance<py::array>(answer))
    refuse_answer(callback, when,
                  "returned " + py::repr(answer).cast<std::string>().substr(0, 60) +
                      ", not a number of nanoseconds");
  const double span = py::float_(answer).cast<double>();
  if (!(span >= 0) || span > double(kLongestDuration))
    refuse_answer(callback, when, fmt::format("returned {} ns, which is not in [0, 10^15]", span));
  return span;
}

std::int64_t choose_by_python(const Callback& callback, const Parameters& parameters,
                              const Dispatch& dispatch) {
  const Message& message = dispatch.message;
  const std::string when =
      fmt::format("of a {} from {} to {} at step {}", to_string(message.phase),
                  name_of_node(dispatch.scenario, message.sender),
                  name_of_node(dispatch.scenario, dispatch.receiver), message.step);
  double span = 0;
  call_python(
      callback, when,
      [&] {
        py::dict arguments = parameters_to_python(parameters);
        arguments["message"] =
            py::module_::import("byzsim.strategies")
                .attr("Message")(node_of(dispatch.scenario, message.sender),
                                 node_of(dispatch.scenario, dispatch.receiver),
                                 to_string(message.phase), message.step, message.round,
                                 dispatch.byzantine_sender, half_of(dispatch, message.sender),
                                 half_of(dispatch, dispatch.receiver));
        arguments["now_ns"] = dispatch.now;
        arguments["drawn_ns"] = dispatch.drawn;
        arguments["stream"] =
            stream_to_python(Stream(dispatch.scenario.seed, Purpose::scheduler,
                                    link_between(message.sender, dispatch.receiver),
                                    draw_counter({message.step, message.phase, message.round})));
        return arguments;
      },
      [&](const py::object& answer) { span = span_from(answer, callback, when); });
  return static_cast<std::int64_t>(std::floor(span + 0.5));
}

void add_python_scheduler(const py::dict& declared, const py::object& function) {
  const Declaration declaration = declaration_from(declared, schedulers());
  const Callback callback{Kept(function), "scheduler " + declaration.name};
  add_scheduler({declaration, [callback](const Parameters& parameters, const Dispatch& dispatch) {
                   return choose_by_python(callback, parameters, dispatch);
                 }});
  note_interpreted(*declaration.plugin);
}

Delay delay_by_python(const Callback& callback, const Parameters& parameters) {
  return Delay([callback, parameters](DelayDraw& draw) {
    const std::string when = fmt::format("at {} ns", draw.now);
    double span = 0;
    call_python(
        callback, when,
        [&] {
          py::dict arguments = parameters_to_python(parameters);
          arguments["stream"] = stream_to_python(draw.stream);
          arguments["now_ns"] = draw.now;
          arguments["link"] = draw.link;
          return arguments;
        },
        [&](const py::object& answer) { span = span_from(answer, callback, when); });
    return span;
  });
}

void add_python_delay(const py::dict& declared, const py::object& function) {
  const Declaration declaration = declaration_from(declared, delays());
  const Callback callback{Kept(function), "delay " + declaration.name};
  add_delay({.declaration = declaration,
             .make = [callback](const Parameters& parameters, const std::string&) {
               return delay_by_python(callback, parameters);
             }});
  note_interpreted(*declaration.plugin);
}

}  // namespace

void define_strategies(py::module_& module) {
  define_stream(module);
  module.def("add_rule", &add_python_rule, "declared"_a, "function"_a);
  module.def("add_attack", &add_python_attack, "declared"_a, "function"_a);
  module.def("add_scheduler", &add_python_scheduler, "declared"_a, "function"_a);
  module.def("add_delay", &add_python_delay, "declared"_a, "function"_a);
  module.def("digest_of", [](const std::string& text) { return to_hex(digest_of(text)); });
}

}  // namespace byzsim::python
