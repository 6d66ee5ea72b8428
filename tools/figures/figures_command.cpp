// `byzsim figures`: runs what figures need, checks what must be seen on them, and draws them.
#include <fmt/format.h>

#include <algorithm>

#include "core/exact/digest.h"
#include "core/input/issue.h"
#include "sim/results/results.h"
#include "tools/figures/draw.h"
#include "tools/figures/figure_tables.h"
#include "tools/figures/gallery.h"
#include "tools/input/input_files.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/shared_options.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

struct FiguresOptions {
  std::vector<std::string> names;  // shipped figures or files; none: all shipped ones
  std::string out;                 // empty: the default place
  int jobs = 1;
  std::string data;     // instead of drawn digits; empty: those
  std::string gallery;  // where to write the page of all figures; empty: nowhere
};

std::vector<std::string> figure_names(const FiguresOptions& asked) {
  return asked.names.empty() ? names_of(shipped_figures()) : asked.names;
}

// Every figure read and planned; the mistakes of all of them are thrown together.
std::vector<PlannedFigure> load_figures(const FiguresOptions& asked) {
  std::vector<PlannedFigure> figures;
  Issues issues;
  for (const std::string& name : figure_names(asked)) {
    std::string origin = name;
    try {
      const NamedText named =
          read_source({name, {}, {}}, shipped_figures(), "figure", "byzsim list figures shows all");
      origin = named.origin;
      figures.push_back(plan_figure(read_figure(parse_json(named.text, named.origin), named.name),
                                    asked.data, fs::path(name).parent_path()));
    } catch (const InputError& error) {
      for (Issue issue : error.issues()) {
        // Some mistakes name the file already.
        if (issue.where != origin && !issue.where.starts_with(origin + ":"))
          issue.where = issue.where.empty() ? origin : origin + ": " + issue.where;
        issues.push_back(issue);
      }
    }
  }
  throw_if_any(issues);
  return figures;
}

// What only Python can judge, before anything is run.
void check_drawings(const std::vector<PlannedFigure>& planned) {
  Json plots = Json::object();
  for (const PlannedFigure& each : planned) plots[each.figure.name] = each.figure.plot;
  throw_if_any(undrawable(plots));
}

fs::path root_of(const FiguresOptions& own) {
  if (!own.out.empty()) return own.out;
  return fs::path("results") / (own.data.empty() ? "figures" : "figures-" + own.data);
}

// The tables and what plot.py needs to know; the digest of the tables.
std::string write_tables(const Figure& figure, const FigureTables& tables, const fs::path& folder) {
  fs::create_directories(folder);
  Digest digest;
  for (const std::string& name : tables_of(figure)) {
    const std::string text = to_csv(tables.at(name));
    write_whole(folder / (name + ".csv"), text);
    // Of the tables alone: pictures may differ between versions of matplotlib.
    digest.add(text);
  }
  const Json description = {{"summary", figure.summary}, {"plot", drawn_plot(figure)}};
  write_whole(folder / (figure.name + ".json"), description.dump(2) + "\n");
  return digest.hex();
}

struct Seen {
  std::string figure;
  CheckedExpectation expectation;
};

// Prints them; whether all hold.
bool report_figure(const std::vector<Seen>& verdicts) {
  std::size_t held = 0;
  std::string figure;
  for (const Seen& each : verdicts) {
    if (each.figure != figure) print_text("{}\n", figure = each.figure);
    print_text("  expectation {}: {}\n", each.expectation.holds ? "met" : "failed",
               each.expectation.sentence);
    if (each.expectation.holds) ++held;
  }
  if (!verdicts.empty()) print_text("{} of {} expectations met\n", held, verdicts.size());
  return held == verdicts.size();
}

void write_gallery(const fs::path& directory, const std::vector<GalleryEntry>& entries,
                   const fs::path& root) {
  fs::create_directories(directory / "png");
  for (const GalleryEntry& entry : entries) {
    const std::string picture = entry.name + ".png";
    write_whole(directory / "png" / picture, read_text(root / entry.name / picture));
  }
  write_whole(directory / "README.md", gallery_page(entries));
}

void check_usage(const FiguresOptions& asked) {
  const std::vector<std::string> sets = {"mnist", "fashion_mnist"};
  if (!asked.data.empty() && std::find(sets.begin(), sets.end(), asked.data) == sets.end())
    throw InputError(not_one_of("--data", asked.data, sets));
}

void offer_figures(CommandOptions& options, FiguresOptions& own) {
  options.texts("[NAME]", own.names,
                "Shipped figures (byzsim list figures) or files [default: all shipped figures]");
  options.complete("NAME", [] { return names_of(shipped_figures()); });
  options.text("--out DIR", own.out, "Directory of the figures [default: results/figures]");
  offer_jobs(options, own.jobs);
  options.text("--data mnist|fashion_mnist", own.data,
               "Train on these images in $BYZSIM_DATA instead of drawn digits");
  options.text("--gallery DIR", own.gallery,
               "Write a page of all pictures into this directory if all expectations are met");
}

int figures(const FiguresOptions& own, const CommonOptions& common) {
  check_usage(own);
  const std::vector<PlannedFigure> planned = load_figures(own);
  // Before runs of hours, of which only a picture is wanted.
  require_matplotlib();
  check_drawings(planned);
  watch_for_interrupt();
  const fs::path root = root_of(own), &gallery = own.gallery;
  check_writable(root);
  if (!gallery.empty()) check_writable(gallery);
  // The page would lie among the runs and pictures of the figures.
  if (!gallery.empty() && fs::weakly_canonical(gallery) == fs::weakly_canonical(root))
    throw InputError({"--gallery " + gallery.string(), "is the place of the figures (--out)",
                      "name another directory"});
  for (const PlannedFigure& each : planned)
    for (const std::string& name : own.names)
      refuse_own_input(root / each.figure.name / (each.figure.name + ".json"), name);
  fs::create_directories(root);
  write_drawing_files(root);
  std::vector<Seen> verdicts;
  std::vector<GalleryEntry> entries;
  for (const PlannedFigure& each : planned) {
    const Figure& figure = each.figure;
    const fs::path folder = root / figure.name;
    const FigureRuns runs = run_figure(each, folder, own.jobs, common.quiet);
    if (runs.interrupted) {
      tell("interrupted: finished runs are kept; the same command continues\n");
      return kInterrupted;
    }
    throw_if_any(runs.failed);
    const FigureTables tables = tables_of(each, folder);
    // Tables first: they are there to look at even where drawing fails.
    const std::string digest = write_tables(figure, tables, folder);
    draw_figure(folder, figure.name);
    tell("{} is drawn in {}\n", figure.name, folder.string());
    for (const FigureExpectation& expectation : figure.expect)
      verdicts.push_back({figure.name, check(expectation, tables)});
    entries.push_back({figure.name, figure.summary, figure.plot.value("note", ""),
                       figure.expect.size(), runs.seconds, digest});
  }
  const bool all_hold = report_figure(verdicts);
  // The page says that all expectations are met.
  if (!gallery.empty() && all_hold) write_gallery(gallery, entries, root);
  return all_hold ? kDone : kExpectationFailed;
}

}  // namespace

Command figures_command() {
  return command("figures", "Run, check and draw the paper's statements as figures",
                 "  byzsim figures\n"
                 "  byzsim figures 01-one-liar-kills-averaging --data mnist",
                 offer_figures, figures);
}

}  // namespace byzsim
