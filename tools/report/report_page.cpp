#include "tools/report/report_page.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/check.h"
#include "core/input/issue.h"
#include "core/input/packed_text.h"
#include "sim/results/whole_files.h"

namespace byzsim {
namespace {

// JSON that HTML takes for nothing but text: "</script>" and "<!--" cannot stand in it.
std::string json_block(const Json& data) {
  // File names may hold bytes that are no UTF-8: replaced, where an exception would cost the page.
  const std::string json = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string block;
  block.reserve(json.size());
  for (const char c : json) {
    if (c == '<')
      block += "\\u003c";
    else
      block += c;
  }
  return block;
}

std::string packed_blocks(const std::vector<std::string>& texts) {
  std::string blocks;
  for (std::size_t i = 0; i < texts.size(); ++i)
    blocks += fmt::format("<script type=\"text/plain\" id=\"block-{}\">{}</script>\n", i,
                          base64(gzipped(texts[i])));
  return blocks;
}

}  // namespace

void check_page_parts() {
  if (!page_part("dygraphs").empty()) return;
  throw InputError({"byzsim report",
                    "this program was built without dygraphs, which draws the curves",
                    "install libjs-dygraphs (tools/install_packages does) and build again"});
}

void check_page_writable(const std::filesystem::path& file, const std::string& option) {
  namespace fs = std::filesystem;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const int error = fs::is_directory(file)                ? EISDIR
                    : ::access(folder.c_str(), W_OK) != 0 ? errno
                                                          : 0;
  if (error != 0)
    throw InputError({file.string(), std::string("cannot write: ") + std::strerror(error),
                      "name another file with " + option});
  if (!fs::is_regular_file(file)) return;
  const std::string there = read_text(file);
  // An empty file has nothing to lose: a shell makes one for its output.
  if (!there.empty() && !there.starts_with("<!DOCTYPE html>"))
    throw InputError(
        {file.string(), "exists and is not a report page", "name another file with " + option});
}

// Fills the gaps {{name}} of page.html.
std::string report_page(const Json& data, const std::vector<std::string>& texts) {
  const std::string_view html = page_part("page_html");
  std::string page;
  std::size_t done = 0;
  for (std::size_t open; (open = html.find("{{", done)) != html.npos;) {
    const std::size_t close = html.find("}}", open);
    BYZ_CHECK(close != html.npos, "every {{ of page.html has its }}");
    const std::string_view name = html.substr(open + 2, close - open - 2);
    page += html.substr(done, open - done);
    if (name == "data")
      page += json_block(data);
    else if (name == "blocks")
      page += packed_blocks(texts);
    else
      page += page_part(name);
    done = close + 2;
  }
  return page += html.substr(done);
}

}  // namespace byzsim
