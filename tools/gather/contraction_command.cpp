// One gather on a line, of servers or on a graph: what forged values, and quorums, can do to the
// distances of the honest nodes.
#include <fmt/format.h>

#include "core/input/decimal.h"
#include "core/input/issue.h"
#include "core/input/parameter_reader.h"
#include "sim/gather/held_diameter.h"
#include "tools/gather/gather_question.h"
#include "tools/gather/graph_answer.h"
#include "tools/line/command.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

constexpr const char* kContractionNotes =
    "Honest servers hold values on a line. In one gather each receives a quorum of values and\n"
    "moves to their median; the adversary sees all quorums and sends each receiver any value.\n\n"
    "Laws of quorums: uniform, any q of the n servers; byzantine-first, all Byzantine servers\n"
    "and any honest ones; byzantine-first-own, the receiver's own value as well.\n\n"
    "The expected ratio divides the largest diameter that forged values can leave by the\n"
    "present one, on average over random quorums. The diameter can be kept indefinitely when\n"
    "the adversary can keep it in every later gather: by forged values alone, whatever the\n"
    "quorums are, or by forged values and a choice of quorums that the law admits.\n\n"
    "With SCENARIO, of the protocol gossip, every honest node of its graph combines its value\n"
    "with those of its neighbours by the scenario's rule, and Byzantine neighbours send any\n"
    "values, or nothing. The largest drift that one combine can leave is computed exactly for\n"
    "up to 5 neighbours a node, 2 of them Byzantine.\n\n";

struct ContractionOptions {
  GatherWords gather;
  ScenarioOptions graph;  // without a name: a gather of servers
  std::optional<std::string> values, law, median;
  std::optional<std::int64_t> byzantine;
  std::optional<std::int64_t> samples;  // absent: exact
  bool json = false;
};

std::uint64_t seed_of(const ContractionOptions& own) {
  const std::optional<std::string>& seed_text = own.graph.seed;
  if (!seed_text) return 1;
  Json json = Json::parse(*seed_text, nullptr, false);
  // "0x1a" is not JSON, and a seed all the same.
  if (json.is_discarded()) json = *seed_text;
  Issues issues;
  const auto value = read_value(seed("seed", 1, ""), json, "--seed", issues);
  throw_if_any(issues);
  return static_cast<std::uint64_t>(std::get<std::int64_t>(*value));
}

struct Answer {
  Reach worst;
  std::optional<Fraction> exact;
  std::optional<Estimate> sampled;
  bool held_by_quorums_and_lies;
  bool held_by_lies;
};

Answer answer_to(const Gather& gather, const ContractionOptions& own) {
  Answer answer{worst_reach(gather), std::nullopt, std::nullopt,
                held_for_ever(gather, Scheduling::adversarial),
                // Where quorums are random, forged values are all that the adversary has.
                held_for_ever(gather, Scheduling::random)};
  if (own.samples)
    answer.sampled = sampled_ratio(gather, *own.samples, seed_of(own));
  else
    answer.exact = expected_ratio(gather);
  return answer;
}

Json ratio_json(const Answer& answer, const ContractionOptions& own) {
  if (answer.exact)
    // Both: a double for programs, and the fraction, which is exact.
    return {{"expected", answer.exact->value()}, {"fraction", fraction_text(*answer.exact)}};
  const auto [mean, half_width] = *answer.sampled;
  return {{"expected", mean},
          {"low", mean - half_width},
          {"high", mean + half_width},
          {"samples", *own.samples},
          {"seed", write_value(seed("seed", 1, ""), static_cast<std::int64_t>(seed_of(own)))}};
}

void print_json(const GatherQuestion& question, const Answer& answer,
                const ContractionOptions& own) {
  const Gather& gather = question.gather;
  const auto number = [&](std::int64_t units) {
    // From the decimal text: a division of doubles would show digits that nobody typed.
    return Json::parse(format_decimal(units, question.places));
  };
  Json values = Json::array();
  for (const std::int64_t position : gather.positions) values.push_back(number(position));
  const Json json = {
      {"values", values},
      {"byzantine", gather.byzantine},
      {"quorum", gather.quorum},
      {"law", own.gather.law},
      {"median", own.gather.median},
      {"positions", {number(answer.worst.low), number(answer.worst.high)}},
      {"diameter",
       {{"before", number(gather.diameter())}, {"worst", number(answer.worst.diameter)}}},
      {"ratio", ratio_json(answer, own)},
      {"held_for_ever",
       {{"lies_and_quorums", answer.held_by_quorums_and_lies}, {"lies", answer.held_by_lies}}}};
  print_text("{}\n", json.dump(2));
}

std::string ratio_text(const Answer& answer, const ContractionOptions& own) {
  if (answer.exact)
    return fmt::format("{:.6g}, exactly {}", answer.exact->value(), fraction_text(*answer.exact));
  return fmt::format("{:.6g} +- {:.2g} (95 % confidence, {} samples)", answer.sampled->mean,
                     answer.sampled->half_width, *own.samples);
}

void print_answer(const GatherQuestion& question, const Answer& answer,
                  const ContractionOptions& own) {
  const auto number = [&](std::int64_t units) { return format_decimal(units, question.places); };
  const auto yes_or_no = [](bool yes) { return yes ? "yes" : "no"; };
  const Gather& gather = question.gather;
  print_text("{} of {} servers in a quorum, {} Byzantine; law {}, median {}\n", gather.quorum,
             gather.servers(), gather.byzantine, own.gather.law, own.gather.median);
  print_text("  new positions       within [{}, {}]\n", number(answer.worst.low),
             number(answer.worst.high));
  print_text("  diameter            {}, after the gather at worst {}\n", number(gather.diameter()),
             number(answer.worst.diameter));
  print_text("  expected ratio      {}\n", ratio_text(answer, own));
  print_text("  kept indefinitely   by forged values: {}; with chosen quorums too: {}\n",
             yes_or_no(answer.held_by_lies), yes_or_no(answer.held_by_quorums_and_lies));
}

void offer_contraction(CommandOptions& options, ContractionOptions& own) {
  options.text("[SCENARIO]", own.graph.name,
               "A scenario of gossip, whose graph and rule are computed [default: servers]");
  options.complete("SCENARIO", [] { return names_of(shipped_scenarios()); });
  offer_sets(options, own.graph.sets);
  options.text("--values V1,V2,...", own.values,
               "Values of the honest servers or nodes: decimal numbers [default with SCENARIO: "
               "/nodes/start]");
  options.integer("--byzantine F", {0, 1000}, own.byzantine,
                  "Number f of Byzantine servers or nodes [default: 1]");
  options.integer("--quorum Q", {1, 10000}, own.gather.quorum,
                  "Number q of values that a receiver waits for [default: n - f]");
  options.text(
      "--law LAW", own.law,
      "Law of quorums: uniform, byzantine-first or byzantine-first-own [default: uniform]");
  options.text(
      "--median mean|lower|upper", own.median,
      "Median of an even number: the mean of the two middle values, the lower or the upper "
      "[default: mean]");
  options.integer("--samples N", {2, 1'000'000'000}, own.samples,
                  "Sample N gathers instead of counting all");
  options.text("--seed N", own.graph.seed, "Seed of the samples, or of SCENARIO [default: 1]");
  options.flag("--json", own.json, "Print JSON");
}

// Options of a gather beside a scenario, and the other way round.
void refuse_other_options(const ContractionOptions& own) {
  Issues issues;
  const auto refuse = [&](bool given, const char* option, const char* problem, const char* remedy) {
    if (given) issues.push_back({option, problem, remedy});
  };
  if (own.graph.name.empty()) {
    refuse(!own.graph.sets.empty(), "--set", "changes a scenario, and there is none",
           "name a scenario of gossip");
    refuse(!own.values, "byzsim contraction", "missing option --values",
           "byzsim contraction --help shows how");
  } else {
    const char* of_servers = "belongs to a gather of servers, not to a graph";
    const char* leave_out = "leave it out, or the scenario";
    refuse(own.gather.quorum.has_value(), "--quorum", of_servers, leave_out);
    refuse(own.law.has_value(), "--law", of_servers, leave_out);
    refuse(own.median.has_value(), "--median", of_servers, leave_out);
    refuse(own.samples.has_value(), "--samples", of_servers, leave_out);
    refuse(own.byzantine && !own.values, "--byzantine", "counts nodes beside those of --values",
           "give --values, or use --set /nodes/byzantine=F");
  }
  throw_if_any(issues);
}

int contraction_on_graph(const ContractionOptions& own, const CommonOptions& common) {
  const GraphQuestion question = graph_question({own.graph, own.values, own.byzantine}, common);
  const GraphReach reach = worst_reach(question.gather);
  print_text("{}",
             own.json ? graph_json(question, reach).dump(2) + "\n" : graph_text(question, reach));
  return kDone;
}

int contraction(const ContractionOptions& typed, const CommonOptions& common) {
  refuse_other_options(typed);
  if (!typed.graph.name.empty()) return contraction_on_graph(typed, common);
  ContractionOptions own = typed;
  own.gather.values = *own.values;
  own.gather.byzantine = own.byzantine.value_or(own.gather.byzantine);
  own.gather.law = own.law.value_or(own.gather.law);
  own.gather.median = own.median.value_or(own.gather.median);
  const GatherQuestion question = gather_question(own.gather);
  const Answer answer = answer_to(question.gather, own);
  (own.json ? print_json : print_answer)(question, answer, own);
  return kDone;
}

}  // namespace

Command contraction_command() {
  return command("contraction",
                 "Compute how much one gather contracts the distances of honest nodes",
                 "  byzsim contraction --values 1,2,3,4\n"
                 "  byzsim contraction gossip --values 1,2,3,4 --set /topology=ring --set "
                 "/nodes/aggregator=gts",
                 offer_contraction, contraction, kContractionNotes);
}

}  // namespace byzsim
