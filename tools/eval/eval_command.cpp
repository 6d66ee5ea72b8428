// One aggregation, attack or compression a line. Every mistake stays on its line.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include "adversaries/attacks/attack.h"
#include "core/input/issue.h"
#include "core/input/parameter_reader.h"
#include "core/pre_aggregators/aggregation.h"
#include "tools/eval/compress_line.h"
#include "tools/eval/eval_schema.h"
#include "tools/eval/line_fields.h"
#include "tools/eval/receiver_fields.h"
#include "tools/line/command.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

// A line in which the words stand that Python's json.dumps writes for non-finite numbers, and which
// is not JSON, as one with strings for them.
std::string with_strings_for_words(const std::string& line) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"NaN", "\"nan\""}, {"-Infinity", "\"-inf\""}, {"Infinity", "\"inf\""}};
  std::string text;
  bool in_string = false;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == '"') in_string = !in_string;
    const std::string_view rest = std::string_view(line).substr(i);
    const auto word = std::find_if(std::begin(kWords), std::end(kWords), [&](const auto& each) {
      return !in_string && rest.starts_with(each.first);
    });
    const std::size_t taken = word != std::end(kWords)       ? word->first.size()
                              : in_string && line[i] == '\\' ? 2
                                                             : 1;
    text += word != std::end(kWords) ? word->second : rest.substr(0, taken);
    i += taken;
  }
  return text;
}

template <class Real>
std::vector<const Real*> pointers_to(const std::vector<std::vector<Real>>& vectors) {
  std::vector<const Real*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  return pointers;
}

int f_field(const Json& request) {
  if (!request.contains("f"))
    refuse_field("/f", "is missing",
                 "write how many of the vectors are assumed to be Byzantine; 0 for none");
  return static_cast<int>(integer_field(request, "f", 0, 1e6));
}

std::vector<Choice> pre_field(const Json& request) {
  if (!request.contains("pre")) return {};
  Issues issues;
  Notes notes;
  std::vector<Choice> chain = read_choices(pre_aggregators().declarations(), "pre-aggregator",
                                           request["pre"], "/pre", issues, notes);
  throw_if_any(issues);
  print_notes(notes);
  return chain;
}

// The chain and rule of a line; the rule is average when only the chain is asked for.
Aggregation aggregation_field(const Json& request) {
  Choice rule = default_choice(rules().declarations(), "average");
  if (request.contains("aggregate"))
    rule = choice_from(request["aggregate"], "/aggregate", "rule", rules().declarations());
  return {pre_field(request), rule, f_field(request)};
}

template <class Real>
Json aggregate_line(const Json& request, const Executor& executor) {
  const Aggregation aggregation = aggregation_field(request);
  const auto vectors = vectors_from<Real>(request);
  const Receiver receiver = receiver_fields(request, vectors.size());
  refuse_unmet_need(aggregation, receiver);
  // Outside a run nothing is promised, so only what cannot be computed is refused.
  if (const auto broken = broken_condition(aggregation, static_cast<std::int64_t>(vectors.size()),
                                           true, receiver.offered()))
    refuse_field("/f", *broken);
  const auto pointers = pointers_to(vectors);
  RuleCounts counts;
  AggregationInput<Real> input{pointers, vectors[0].size(), nullptr,
                               // Outside a run there is no node and no step: the seed alone names
                               // the draws.
                               Stream(seed_field(request), Purpose::aggregation, 0, 0),
                               receiver.own};
  input.weights = receiver.weights;
  const std::vector<Real> reference = receiver.reference
                                          ? vector_from<Real>(request["reference"], "/reference")
                                          : std::vector<Real>();
  if (receiver.reference && reference.size() != input.dimension)
    refuse_field("/reference", "must have as many coordinates as the vectors");
  if (receiver.reference) input.reference = reference.data();
  input.counts = &counts;
  if (request.contains("aggregate"))
    return with_counts({{"vector", vector_to(aggregate(aggregation, input, executor))}}, counts);
  Json list = Json::array();
  for (const auto& vector : pre_aggregate(aggregation, input, executor))
    list.push_back(vector_to(vector));
  return {{"vectors", list}};
}

template <class Real>
Json attack_line(const Json& request, const Executor& executor) {
  const Choice choice =
      choice_from(request["attack"], "/attack", "attack", attacks().declarations());
  const auto honest = vectors_from<Real>(request);
  const int f = f_field(request);
  const Attack& entry = attacks().at(choice.name);
  if (entry.needs_graph(choice.parameters))
    refuse_field("/attack", choice.name +
                                " forges a vector for each neighbour on a graph: only runs "
                                "have one");
  if (entry.acts_on_data()) refuse_field("/attack", choice.name + " acts on data, not on vectors");
  // Silence is an answer of its own: null, no vector.
  if (entry.silent()) return {{"vector", nullptr}};
  // Without a vector of its own the attacker takes the first honest one for it.
  const std::vector<Real> own =
      request.contains("own") ? vector_from<Real>(request["own"], "/own") : honest[0];
  if (own.size() != honest[0].size())
    refuse_field("/own", "must have as many coordinates as the vectors");
  const Aggregation defence = aggregation_field(request);
  const int n = static_cast<int>(honest.size()) + f;
  if (const auto broken = broken_condition(defence, n, true)) refuse_field("/aggregate", *broken);
  const auto pointers = pointers_to(honest);
  const auto said = entry.craft(
      AttackInput<Real>{own, pointers, n, f, choice.parameters,
                        Stream(seed_field(request), Purpose::attack, 0, 0), &defence, executor});
  return {{"vector", vector_to(said)}};
}

template <class Real>
Json answer_in(const Json& request, const Executor& executor) {
  if (request.contains("compress")) return compress_line<Real>(request, executor);
  if (request.contains("attack")) return attack_line<Real>(request, executor);
  if (request.contains("aggregate") || request.contains("pre"))
    return aggregate_line<Real>(request, executor);
  refuse_field("", "a line must have \"aggregate\", \"pre\", \"attack\" or \"compress\"",
               "byzsim eval --help shows all keys");
}

std::vector<std::string> known_keys(const Json& request) {
  if (request.contains("compress")) return {"compress", "vectors", "seed", "precision"};
  // With an attack, the aggregation is the defence that it knows of.
  std::vector<std::string> known = {"aggregate", "pre", "f", "vectors", "seed", "precision", "own"};
  if (request.contains("attack"))
    known.push_back("attack");
  else
    known.insert(known.end(), {"weights", "reference"});
  return known;
}

Json answer(const Json& request, const Executor& executor) {
  if (!request.is_object()) refuse_field("", "a line must be a JSON object, not " + brief(request));
  Issues issues;
  refuse_unknown_keys(request, known_keys(request), "", issues);
  throw_if_any(issues);
  const Json precision = request.value("precision", Json("float32"));
  // float32 by default, as in runs: the bits are those that a run would have.
  if (precision == "float64") return answer_in<double>(request, executor);
  if (precision == "float32") return answer_in<float>(request, executor);
  refuse_field("/precision", "must be \"float32\" or \"float64\", not " + brief(precision));
}

int eval(const CommonOptions&) {
  const Executor executor(1);
  int code = kDone;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    Json reply;
    try {
      reply = answer(parse_json(with_strings_for_words(line), "line"), executor);
    } catch (const std::bad_alloc&) {
      reply = {{"error", "out of memory; use fewer or smaller vectors, or a smaller f"}};
    } catch (const std::exception& error) {
      // One bad line must not take the answers of the next ones away.
      reply = {{"error", error.what()}};
    }
    // The answers go on, but a script sees that one of them is an error.
    if (reply.contains("error")) code = kBadInput;
    print_text("{}\n", reply.dump(-1, ' ', false, Json::error_handler_t::replace));
    // A line at a time: the caller may wait for each answer before it writes the next request.
    std::fflush(result_stream());
  }
  if (std::ferror(stdin)) refuse_field("standard input", "cannot read: input error");
  return code;
}

}  // namespace

Command eval_command() {
  return command("eval",
                 "Aggregate, attack or compress vectors: JSON Lines on standard input and output",
                 "  echo '{\"aggregate\":{\"name\":\"median\"},\"f\":1,"
                 "\"vectors\":[[1],[2],[9]]}' | byzsim eval\n"
                 "  byzsim eval < requests.jsonl > answers.jsonl",
                 eval, eval_keys_help());
}

}  // namespace byzsim
