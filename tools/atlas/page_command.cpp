// `byzsim atlas page`: the atlas as one HTML file, and the reports of its runs beside it.
#include "core/input/issue.h"
#include "sim/results/whole_files.h"
#include "tools/atlas/atlas_page.h"
#include "tools/atlas/atlas_report.h"
#include "tools/atlas/case_reports.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/report/report_page.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

struct AtlasPageOptions {
  std::string atlas = kAtlasDirectory;
  std::string out = "atlas.html";
  std::string reports;  // a directory; empty: none
};

void offer_atlas_page(CommandOptions& options, AtlasPageOptions& own) {
  options.text("--out FILE", own.out, "The page to write [default: atlas.html]");
  options.text("--reports DIR", own.reports,
               "Run every case, write the report of each run into DIR (about 0.3 MB a cell), and "
               "link the cells to them");
  offer_atlas(options, own.atlas);
}

// Without a dot or a slash at the end.
fs::path plain_path(const fs::path& named) {
  const fs::path path = fs::absolute(named).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

// A directory as seen from the page.
std::string link_from(const fs::path& page, const fs::path& directory) {
  return plain_path(directory).lexically_relative(plain_path(page).parent_path()).generic_string();
}

void refuse_page_among_reports(const AtlasTable& table, const AtlasPageOptions& own) {
  for (const auto& [key, row] : table)
    if (plain_path(fs::path(own.reports) / report_file(key)) == plain_path(own.out))
      throw InputError(
          {own.out, "is also the report of " + key.file(), "name another file with --out FILE"});
}

// How it ended: kDone where all pages are there and show what the table has.
int write_reports_of(const AtlasTable& table, const AtlasPageOptions& own, bool quiet) {
  refuse_page_among_reports(table, own);
  check_reports_writable(table, own.reports);
  watch_for_interrupt();
  const CaseReports reports = write_reports(own.atlas, table, own.reports, quiet);
  print_text("{}: {} reports, {:.1f} MB\n", own.reports, reports.pages,
             double(reports.bytes) / 1e6);
  for (const std::string& text : reports.differences) print_text("  {}\n", text);
  if (reports.interrupted) {
    tell("interrupted: no page; the same command begins with the first report\n");
    return kInterrupted;
  }
  return reports.differences.empty() ? kDone : kDigestMismatch;
}

int draw_atlas_page(const AtlasPageOptions& own, const CommonOptions& common) {
  const AtlasTable table = require_cells(own.atlas);
  check_page_writable(own.out, "--out FILE");
  PageLinks links{.files = link_from(own.out, own.atlas)};
  int code = kDone;
  if (!own.reports.empty()) {
    code = write_reports_of(table, own, common.quiet);
    if (code == kInterrupted) return code;
    links.reports = link_from(own.out, own.reports);
  }
  write_whole(own.out, atlas_page(table, links));
  print_text("{}: {} cells\n", own.out, table.size());
  return code;
}

}  // namespace

Command atlas_page_command() {
  return command("page", "Draw the atlas as one page",
                 "  byzsim atlas page --out site/atlas.html\n"
                 "  byzsim atlas page --out atlas.html --reports atlas-reports",
                 offer_atlas_page, draw_atlas_page);
}

}  // namespace byzsim
