// `byzsim search`: finds the worst case and hands it back as a scenario.
#include <fmt/format.h>

#include "core/input/issue.h"
#include "core/input/json_fields.h"
#include "sim/results/checksums.h"
#include "sim/results/results.h"
#include "tools/input/scenario_options.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/shared_options.h"
#include "tools/search/search_figure.h"
#include "tools/search/search_files.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

struct SearchOptions {
  ScenarioOptions scenario;
  SearchWords search;
  int threads = 1;
  std::string out;  // empty: the default place
  bool json = false;
  bool force = false;
};

fs::path directory_of_search(const SearchOptions& own, const SearchRequest& request) {
  if (!own.out.empty()) return chosen_directory(own.out);
  // The id names everything that decides the outcome: another request is another directory.
  return fs::path("results") / request.scenario.name / ("search-" + id_of(request));
}

// Whether the directory holds this very search; throws for anything else.
bool is_there(const fs::path& directory, const SearchRequest& request) {
  if (!fs::exists(directory) || (fs::is_directory(directory) && fs::is_empty(directory)))
    return false;
  const fs::path file = directory / "search.json";
  // What is left of a damaged one tells, or its name.
  const std::string id = id_of(request);
  const std::string text = fs::is_regular_file(file) ? read_text(file) : "";
  const Json search = Json::parse(text, nullptr, false);
  if (search.is_object() && search.value("id", Json()) == id) return true;
  const bool named =
      directory.filename() == "search-" + id && fs::exists(directory / kChecksumsFile);
  // The file cannot be parsed: a search that was cut off is to be made again, not refused.
  if (search.is_discarded() && (named || text.find(fmt::format("\"id\": \"{}\"", id)) != text.npos))
    return true;
  throw InputError({directory.string(),
                    "contains something other than this search, and byzsim does not overwrite it",
                    "choose another directory with --out DIR"});
}

std::string summary_of_search(const Json& search, const fs::path& directory) {
  const Json &worst = search.at("worst"), &machine = search.at("machine");
  std::string text = search.at("sentence").get<std::string>() + "\n";
  for (const auto& [pointer, value] : worst.at("chosen").items())
    text += fmt::format("  {} = {}\n", pointer, cell_of(value));
  text += fmt::format("  digest    {}\n", worst.at("digest").get<std::string>());
  text += fmt::format("  wall time {:.1f} s on {} threads\n",
                      machine.at("wall_seconds").get<double>(), machine.at("threads").get<int>());
  const std::string file = (directory / "worst.json").string();
  // Pictures need matplotlib, and may be absent.
  const bool drawn = fs::exists(directory / "worst_so_far.png");
  text += fmt::format("  files     {}, search.csv{} and search.json\n", file,
                      drawn ? ", worst_so_far.svg, worst_so_far.png" : "");
  return text + fmt::format("  byzsim run {} repeats the worst run\n", file);
}

int conclude_search(const SearchOptions& own, const std::string& search_json,
                    const fs::path& directory) {
  const std::string file = (directory / "search.json").string();
  return read_fields(file, "--force searches again", [&] {
    const std::string summary = summary_of_search(parse_json(search_json, file), directory);
    print_text("{}", own.json ? search_json : summary);
    return kDone;
  });
}

int keep_interrupted_search(const SearchOutcome& outcome, const SearchRequest& request,
                            fs::path directory) {
  // Elsewhere: a directory of a finished search holds the whole of it or nothing.
  directory += ".interrupted";
  const bool tried = !outcome.trials.empty();
  write_directory(directory,
                  // An empty text removes a worst.json that an earlier interruption left.
                  {{"search.csv", to_csv(table_of(outcome))},
                   {"worst.json", tried ? worst_scenario(request, outcome).dump(2) + "\n" : ""}},
                  true);
  tell("interrupted: the evaluations so far are in {} ({} rows){}; the same command continues\n",
       (directory / "search.csv").string(), outcome.trials.size(),
       tried ? ", the worst in worst.json" : "");
  return kInterrupted;
}

// None, and a word about it, where nothing draws.
NamedTexts pictures_of(const SearchRequest& request, const SearchOutcome& outcome) {
  try {
    return draw_search(request, outcome);
  } catch (const InputError& error) {
    for (const Issue& issue : error.issues())
      tell("note: no picture of the search: {}\n", to_string(issue));
    return {};
  }
}

// Another process may have made the same search meanwhile.
void keep_search(const SearchRequest& request, const fs::path& directory, const NamedTexts& files,
                 bool replace) {
  try {
    write_directory(directory, with_checksums(files), replace);
  } catch (const InputError&) {
    if (replace || !is_there(directory, request)) throw;
  }
}

void offer_search(CommandOptions& options, SearchOptions& own) {
  SearchWords& asked = own.search;
  offer_scenario(options, own.scenario);
  options.text("--strategy NAME", asked.strategy,
               "Search strategy (byzsim list searches) [default: random]");
  options.texts("--strategy-set NAME=VALUE", asked.strategy_sets,
                "Set a parameter of the strategy");
  options.text(
      "--objective NAME", asked.objective,
      "Metric to optimize against the defence: a column of metrics.csv, or gathers. and one "
      "of gathers.csv, with :max or :min for the largest or smallest of all rows; "
      "descent_cosine; accuracy_lost; broken_invariants [default: drift, with one honest server "
      "loss]");
  options.integer("--evaluations N", {1, 1'000'000}, asked.evaluations,
                  "Largest number of runs [default: 100]");
  options.texts("--over /POINTER[=LOW..HIGH[:log]]", asked.over,
                "Parameter to search over, or a subtree, and its range [default: the parameters of "
                "the attacks and the scheduler]");
  options.text("--from SNAPSHOT|step=N|time=T|event=N", asked.from,
               "Search only what comes after this moment of the scenario's run");
  offer_threads(options, own.threads);
  options.text("--out DIR", own.out, "Directory of the result [default: results/NAME/search-ID]");
  options.flag("--json", own.json, "Print search.json instead of the summary");
  options.flag("--force", own.force, "Search again even if the result exists");
}

int search(const SearchOptions& own, const CommonOptions& common) {
  const SearchRequest request =
      read_search(source_of(own.scenario, common), own.search, own.threads);
  const fs::path directory = directory_of_search(own, request);
  const bool there = is_there(directory, request);
  const Issues damage = there ? damage_in(directory) : Issues{};
  for (const Issue& issue : damage)
    tell("note: {}: {}; the search is made again\n", issue.where, issue.problem);
  if (there && damage.empty() && !own.force) {
    tell("this search exists; --force searches again\n");
    return conclude_search(own, read_text(directory / "search.json"), directory);
  }
  // Before the hours that the search may take.
  check_writable(directory);
  watch_for_interrupt();
  KeptTrials kept(directory, id_of(request), own.force);
  if (kept.found() > 0)
    tell("the search continues after {} runs of an earlier process\n", kept.found());
  const SearchOutcome outcome =
      run_search(request, own.threads, {.quiet = common.quiet, .kept = &kept});
  if (outcome.interrupted) return keep_interrupted_search(outcome, request, directory);
  NamedTexts files = {{"worst.json", worst_scenario(request, outcome).dump(2) + "\n"},
                      {"search.csv", to_csv(table_of(outcome))},
                      {"search.json", search_json(request, outcome, own.threads).dump(2) + "\n"}};
  const std::string result = files.back().second;
  for (auto& picture : pictures_of(request, outcome)) files.push_back(std::move(picture));
  keep_search(request, directory, files, there);
  kept.remove();
  return conclude_search(own, result, directory);
}

}  // namespace

Command search_command() {
  return command("search", "Search for the worst case and return it as a scenario",
                 "  byzsim search quickstart --objective drift:max --evaluations 50\n"
                 "  byzsim search my.json --strategy nlopt --over "
                 "/adversary/workers/parameters/z=0..4",
                 offer_search, search);
}

}  // namespace byzsim
