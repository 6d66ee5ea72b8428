// The worst inputs of one aggregation: a lower bound of its robustness coefficient, and what is
// known of it beside.
#include <fmt/format.h>

#include <sstream>

#include "core/input/parameter_reader.h"
#include "sim/results/whole_files.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/shared_options.h"
#include "tools/search_inputs/inputs_row.h"
#include "tools/search_inputs/replayed_inputs.h"

namespace byzsim {
namespace {

constexpr const char* kSearchInputsNotes =
    "Of n vectors, f may be Byzantine: any n - f of them may be the honest ones. For the worst\n"
    "choice, kappa is the squared distance of the output from the honest mean, divided by the\n"
    "variance of the honest vectors; lambda is the distance divided by their diameter. A rule's\n"
    "coefficient is the supremum over all inputs.\n\n"
    "What is found is a lower bound, with the inputs as its witness. Exact values, of rules\n"
    "without pre-aggregators: average, median and trimmed_mean (kappa for every d, lambda for\n"
    "d = 1); for small n meamed and phocas (kappa for every d) and mda (kappa for d = 1).\n"
    "Inputs are float32, and the rule computes in float64; the ratio of the same inputs in\n"
    "float32, as in runs, is beside it.\n\n";

struct SearchInputsOptions {
  InputsWords words;
  InputsEffort effort;
  std::string measure = "kappa";
  std::optional<std::string> seed_text, out, replay;
  bool json = false, csv = false;
  int threads = 1;
};

void offer_search_inputs(CommandOptions& options, SearchInputsOptions& own) {
  options.text("[RULE]", own.words.rule, "A rule: a name, or {\"name\", \"parameters\"}");
  options.complete("RULE", [] {
    std::vector<std::string> names;
    for (const Declaration& each : rules().declarations()) names.push_back(each.name);
    return names;
  });
  options.flag("--all", own.words.all, "Search every rule that n and f admit");
  options.texts("--without RULE", own.words.without, "A rule that --all leaves out");
  options.text("--n N1,N2,...", own.words.n, "Number n of vectors, at most 64");
  options.text("--f F1,F2,...", own.words.f, "Number f that may be Byzantine, one for each n");
  options.text("--d D1,D2,...", own.words.d, "Dimension of the vectors [default: 1]");
  options.texts("--pre NAME", own.words.pre,
                "A pre-aggregator before the rule; several form a chain");
  options.text("--measure kappa|lambda", own.measure, "The coefficient [default: kappa]");
  options.flag("--unsafe", own.words.unsafe,
               "Search also where the rule's condition on n and f is not met");
  options.integer("--evaluations N", {1, 1'000'000'000}, own.effort.evaluations,
                  "Number of aggregations a search may compute [default: 10000]");
  options.text("--seed N", own.seed_text, "Seed of the search and of rules that draw [default: 1]");
  options.flag("--json", own.json, "Print JSON, with the inputs");
  options.flag("--csv", own.csv, "Print a table as CSV");
  options.text("--out FILE", own.out, "Write the inputs, a request of byzsim eval a line");
  options.text("--replay FILE", own.replay, "Compute both coefficients of the inputs in FILE");
  offer_threads(options, own.threads);
}

std::uint64_t typed_seed(const std::optional<std::string>& typed) {
  if (!typed) return 1;
  Json json = Json::parse(*typed, nullptr, false);
  // "0x1a" is not JSON, and a seed all the same.
  if (json.is_discarded()) json = *typed;
  Issues issues;
  const auto value = read_value(seed("seed", 1, ""), json, "--seed", issues);
  throw_if_any(issues);
  return static_cast<std::uint64_t>(std::get<std::int64_t>(*value));
}

struct SearchInterrupted {};

// The rows that were finished; all of them unless the user has interrupted the search.
std::vector<InputsRow> searched_rows(const InputsRequest& request, const InputsEffort& effort,
                                     int threads, bool quiet) {
  watch_for_interrupt();
  const Executor executor(threads, Launched::soon, [] {
    if (interrupted()) throw SearchInterrupted();
  });
  Progress progress("search-inputs", static_cast<std::int64_t>(request.settings.size()), quiet,
                    "rule");
  std::vector<InputsRow> rows;
  try {
    for (const InputsSetting& setting : request.settings) {
      rows.push_back(searched_row(setting, effort, rows, executor));
      progress.show(static_cast<double>(rows.size()));
    }
  } catch (const SearchInterrupted&) {
    // What was finished is printed.
  }
  return rows;
}

void print_rows(const std::vector<InputsRow>& rows, const SearchInputsOptions& own) {
  if (own.csv) return print_text("{}", to_csv(rows_csv(rows)));
  if (!own.json) {
    print_text("{}", rows_text(rows));
    if (rows.size() == 1)
      print_text("  vectors outside the honest set: {}\n  inputs: {}\n",
                 row_json(rows[0])["outside"].dump(), row_json(rows[0])["vectors"].dump());
    return;
  }
  Json list = Json::array();
  for (const InputsRow& row : rows) list.push_back(row_json(row));
  print_text("{}\n", lines_of(list));
}

void write_witnesses(const std::vector<InputsRow>& rows, const std::string& file) {
  std::string lines;
  for (const InputsRow& row : rows) lines += witness_of(row).dump() + "\n";
  write_whole(file, lines);
}

int replay_inputs(const SearchInputsOptions& own) {
  const Executor executor(1);
  std::istringstream lines(read_text(*own.replay));
  Json list = Json::array();
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    list.push_back(replayed_ratios(line, fmt::format("{}:{}", *own.replay, number), executor));
  }
  if (list.empty())
    throw InputError({*own.replay, "holds no request", "give a file that --out has written"});
  if (own.json) {
    print_text("{}\n", lines_of(list));
    return kDone;
  }
  const auto ratio = [](const Json& value) {
    return value.is_string() ? value.get<std::string>()
                             : fmt::format("{:.6g}", value.get<double>());
  };
  for (const Json& each : list)
    print_text("{} at n = {}, f = {}, d = {}: kappa {}, lambda {}\n",
               each["aggregation"].get<std::string>(), each["n"].dump(), each["f"].dump(),
               each["d"].dump(), ratio(each["kappa"]), ratio(each["lambda"]));
  return kDone;
}

void refuse_both(bool one, bool other, const char* option, const char* beside) {
  if (one && other)
    throw InputError({option, fmt::format("cannot be used with {}", beside), "leave one out"});
}

// Before the search, not after it.
void check_folder_of(const std::string& file) {
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  if (!std::filesystem::is_directory(folder))
    throw InputError(
        {"--out " + file, folder.string() + " is no directory", "make it, or name another file"});
}

int search_inputs(const SearchInputsOptions& typed, const CommonOptions& common) {
  refuse_both(typed.json, typed.csv, "--json", "--csv");
  refuse_both(typed.replay.has_value(), !typed.words.rule.empty() || typed.words.all, "--replay",
              "a rule");
  refuse_both(typed.replay.has_value(), typed.words.n || typed.words.f || !typed.words.pre.empty(),
              "--replay", "--n, --f or --pre, which FILE holds");
  refuse_both(typed.replay.has_value(), typed.csv || typed.out, "--replay", "--csv or --out");
  refuse_both(typed.replay.has_value(), typed.measure != "kappa", "--replay",
              "--measure, because both coefficients are computed");
  refuse_both(typed.replay.has_value(), typed.words.unsafe, "--replay",
              "--unsafe, because it refuses no broken condition");
  refuse_both(typed.replay.has_value(),
              typed.effort.evaluations != InputsEffort().evaluations || typed.seed_text, "--replay",
              "--evaluations or --seed, because it searches nothing");
  if (typed.replay) return replay_inputs(typed);
  if (typed.out) check_folder_of(*typed.out);
  SearchInputsOptions own = typed;
  const auto coefficient = from_word<Coefficient>(own.measure);
  if (!coefficient) throw InputError(not_one_of("--measure", own.measure, words_of<Coefficient>()));
  own.effort.coefficient = *coefficient;
  own.effort.seed = typed_seed(own.seed_text);
  const InputsRequest request = inputs_request(own.words);
  for (const std::string& note : request.left_out) tell("note: {}\n", note);
  const auto rows = searched_rows(request, own.effort, own.threads, common.quiet);
  print_rows(rows, own);
  if (rows.empty()) tell("interrupted: no rule was finished\n");
  if (own.out && !rows.empty()) write_witnesses(rows, *own.out);
  return rows.size() == request.settings.size() ? kDone : kInterrupted;
}

}  // namespace

Command search_inputs_command() {
  return command("search-inputs", "Search for the worst inputs of an aggregation rule",
                 "  byzsim search-inputs median --n 11 --f 3\n"
                 "  byzsim search-inputs --all --n 11 --f 3 --d 2 --pre nnm",
                 offer_search_inputs, search_inputs, kSearchInputsNotes);
}

}  // namespace byzsim
