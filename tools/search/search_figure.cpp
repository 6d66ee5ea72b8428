#include "tools/search/search_figure.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>

#include "core/input/issue.h"
#include "sim/results/results.h"
#include "tools/figures/draw.h"
#include "tools/search/search_files.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "worst_so_far";

// A directory that vanishes with everything in it.
class Workbench {
 public:
  Workbench() {
    std::string name = (fs::temp_directory_path() / "byzsim-figure-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw InputError({name, "cannot create the directory", "set TMPDIR to a writable directory"});
    path_ = name;
  }
  ~Workbench() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// A figure as plot.py reads it (tools/figures/panel.h).
Json description_of(const SearchRequest& request, const SearchOutcome& outcome) {
  const std::string& what = outcome.objective.name;
  Json panel = {{"kind", "curves"},
                {"table", "search"},
                {"x", "evaluation"},
                {"y", "worst_so_far"},
                {"dots", what},
                {"labels", {{what, "each evaluation"}}},
                {"x_label", "evaluation"},
                {"y_label", "worst " + what + " so far"},
                {"markers", false},
                // The worst so far holds until a worse one is found.
                {"steps", true}};
  if (outcome.reference.value)
    panel["lines"] = Json::array(
        {{{"y", *outcome.reference.value}, {"label", reference_name(request.scenario)}}});
  return {{"summary", "worst value found by number of evaluations"},
          {"plot",
           {{"panels", Json::array({panel})},
            {"note", fmt::format("{}, searched by {}: {}.", request.scenario.name,
                                 request.strategy.name, sentence_of(request, outcome))}}}};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> draw_search(const SearchRequest& request,
                                                             const SearchOutcome& outcome) {
  // First, for a remedy instead of a trace of Python's.
  require_matplotlib();
  const Workbench workbench;
  const fs::path folder = workbench.path() / "figure";
  fs::create_directory(folder);
  write_drawing_files(workbench.path());
  // plot.py finds its table beside the description.
  write_whole(folder / "search.csv", to_csv(table_of(outcome)));
  write_whole(folder / (std::string(kName) + ".json"), description_of(request, outcome).dump());
  draw_figure(folder, kName);
  std::vector<std::pair<std::string, std::string>> pictures;
  for (const std::string form : {".svg", ".png"})
    pictures.emplace_back(kName + form, read_text(folder / (kName + form)));
  return pictures;
}

}  // namespace byzsim
