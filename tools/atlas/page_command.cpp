// `byzsim atlas page`: the atlas as one HTML file.
#include "sim/results/whole_files.h"
#include "tools/atlas/atlas_page.h"
#include "tools/atlas/atlas_report.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/line/page_file.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

struct AtlasPageOptions {
  std::string atlas = kAtlasDirectory;
  std::string out = "atlas.html";
};

void offer_atlas_page(CommandOptions& options, AtlasPageOptions& own) {
  options.text("--out FILE", own.out, "The page to write [default: atlas.html]");
  offer_atlas(options, own.atlas);
}

int draw_atlas_page(const AtlasPageOptions& own, const CommonOptions&) {
  check_page_writable(own.out);
  const AtlasTable table = require_cells(own.atlas);
  const fs::path folder = fs::absolute(own.out).parent_path();
  const std::string files = fs::absolute(own.atlas).lexically_relative(folder).generic_string();
  write_whole(own.out, atlas_page(table, files));
  print_text("{}: {} cells\n", own.out, table.size());
  return kDone;
}

}  // namespace

Command atlas_page_command() {
  return command("page", "Draw the atlas as one page",
                 "  byzsim atlas page\n"
                 "  byzsim atlas page --out site/atlas.html",
                 offer_atlas_page, draw_atlas_page);
}

}  // namespace byzsim
