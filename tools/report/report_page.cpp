#include "tools/report/report_page.h"

#include <fmt/format.h>

#include "core/check.h"
#include "core/input/issue.h"
#include "core/input/packed_text.h"

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
