#include "tools/figures/gallery.h"

#include <fmt/format.h>

namespace byzsim {
namespace {

constexpr const char* kOpening =
    "# scenarios/figures/: the paper's statements as figures\n\n"
    "Written by `byzsim figures --gallery scenarios/figures`; change the figure files, not this "
    "page.\n\n"
    "A figure file names its sweeps (or exact contractions, or one run's messages), how they are "
    "drawn, and the claims that they must satisfy (`\"expect\"`). `byzsim figures NAME` runs, "
    "checks and draws one into `results/figures/NAME`: the picture as SVG, PDF and PNG, its tables "
    "as CSV, the same bytes every time; it exits with 5 if an expectation fails. `byzsim figures` "
    "does all of them. Finished runs are kept; `--data mnist` or `--data fashion_mnist` trains on "
    "these images (`BYZSIM_DATA`) wherever a figure would on drawn digits, to which the "
    "expectations are fitted: on other images one may narrowly fail. Pictures need "
    "matplotlib: `tools/install_packages python3-matplotlib`.\n\n"
    "Bands and error bars are 95 % confidence intervals of the mean over seeds (Student's t). Run "
    "times are sums over a figure's runs, one thread each, on the machine that made this page, "
    "which was busy with other work. The digest is one of all tables of the figure.\n";

std::string section(const GalleryEntry& entry) {
  return fmt::format(
      "\n## {0}\n\n{1}.\n\n![{1}](png/{0}.png)\n\n{2}\n\n"
      "`byzsim figures {0}`: {3} expectations met; {4}; digest `{5}`.\n",
      entry.name, entry.summary, entry.note, entry.expectations,
      entry.run_seconds == 0 ? "no sweep" : fmt::format("runs of {:.0f} s", entry.run_seconds),
      entry.digest);
}

}  // namespace

std::string gallery_page(const std::vector<GalleryEntry>& entries) {
  std::string page = kOpening;
  for (const GalleryEntry& entry : entries) page += section(entry);
  return page;
}

}  // namespace byzsim
