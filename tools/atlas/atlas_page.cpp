#include "tools/atlas/atlas_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tools/atlas/atlas_report.h"
#include "tools/atlas/case_reports.h"
#include "tools/report/report_page.h"

namespace byzsim {
namespace {

// Five steps of viridis, dark where little accuracy is left; the text on each is readable.
constexpr const char* kStyle = R"css(
.map { border-collapse: separate; border-spacing: 2px; font-size: 12.5px; }
.map th { font-weight: 500; text-align: left; white-space: nowrap; padding: 1px 6px; }
.map td { padding: 0; text-align: right; font-variant-numeric: tabular-nums; }
.map td a { display: block; padding: 1px 6px; color: inherit; text-decoration: none; }
.map thead th { vertical-align: bottom; writing-mode: vertical-rl; padding: 6px 1px; }
.a0 { background: #440154; color: #fff; } .a1 { background: #3b528b; color: #fff; }
.a2 { background: #21918c; color: #000; } .a3 { background: #5ec962; color: #000; }
.a4 { background: #fde725; color: #000; }
)css";

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text)
    safe += c == '<' ? "&lt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  return safe;
}

// 0: hardly any of the accuracy without attack is left; 4: nearly all.
int shade_of(const AtlasRow& row) {
  const double share = row.without_attack > 0 ? accuracy_of(row.worst) / row.without_attack : 0;
  return std::clamp(static_cast<int>(share * 5), 0, 4);
}

std::string percent_text(const std::optional<double>& accuracy) {
  return accuracy ? fmt::format("{:.1f}", 100 * *accuracy) : "div.";
}

// The report of its run, or its file.
std::string link_of_cell(const AtlasKey& key, const PageLinks& links) {
  return links.reports.empty() ? links.files + "/" + key.file()
                               : links.reports + "/" + report_file(key);
}

std::string map_cell(const AtlasTable& table, const AtlasKey& key, const PageLinks& links) {
  const auto at = table.find(key);
  if (at == table.end()) return "<td></td>";
  const AtlasRow& row = at->second;
  return fmt::format(
      "<td class=\"a{}\"><a href=\"{}\" title=\"{} ({}); {} without attack\">{}</a>"
      "</td>",
      shade_of(row), escaped(link_of_cell(key, links)), escaped(row.attack), escaped(row.finder),
      percent_text(row.without_attack), percent_text(row.worst));
}

// Of all cells: a row for each rule, a column for each setting.
std::string map_of(const AtlasTable& table, bool nnm, const PageLinks& links) {
  std::set<std::string> settings, rules;
  for (const auto& [key, row] : table) {
    settings.insert(key.setting);
    if (key.nnm == nnm) rules.insert(key.rule);
  }
  std::string html = "<div class=\"scroll\"><table class=\"map\"><thead><tr><th></th>";
  for (const std::string& setting : settings) html += "<th>" + escaped(setting) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const std::string& rule : rules) {
    html += "<tr><th>" + escaped(rule) + "</th>";
    for (const std::string& setting : settings)
      html += map_cell(table, {setting, rule, nnm}, links);
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string table_of_cells(const AtlasTable& table, const PageLinks& links) {
  std::string html =
      "<div class=\"scroll\"><table><thead><tr><th>setting</th><th>rule</th><th>without attack</th>"
      "<th>best hand-written attack</th><th>accuracy</th><th>worst case</th><th>accuracy</th>"
      "<th>finder</th><th>budget</th><th>digest</th>";
  if (!links.reports.empty()) html += "<th>file</th>";
  html += "</tr></thead><tbody>\n";
  for (const auto& [key, row] : table) {
    html += fmt::format(
        "<tr><td>{}</td><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td>"
        "<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td><code>{}</code></td>",
        escaped(key.setting), escaped(link_of_cell(key, links)), escaped(key.rule_text()),
        percent_text(row.without_attack), escaped(row.hand_written),
        percent_text(row.hand_written_value), escaped(row.attack), percent_text(row.worst),
        escaped(row.finder), row.evaluations, row.digest);
    if (!links.reports.empty())
      html += fmt::format("<td><a href=\"{}/{}\">scenario</a></td>", escaped(links.files),
                          escaped(key.file()));
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

const char* where_cells_lead(const PageLinks& links) {
  if (!links.reports.empty())
    return "Each cell leads to the report of its run; the table also to its scenario, which "
           "<code>byzsim run</code> repeats to the same digest.";
  return "Each cell leads to its scenario, which <code>byzsim run</code> repeats to the same "
         "digest "
         "and <code>byzsim report</code> draws.";
}

}  // namespace

std::string atlas_page(const AtlasTable& table, const PageLinks& links) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<title>Atlas of worst cases</title><style>{}{}</style></head><body><main>\n"
      "<h1>Atlas of worst cases</h1>\n<p>{}</p>\n"
      "<p class=\"quiet\">Accuracy in percent at the end of the worst run that was found. Yellow: "
      "more than four fifths of the accuracy without attack are left; violet: less than one fifth. "
      "{}</p>\n"
      "<h2>Rules alone</h2>\n{}<h2>Rules after nearest-neighbour mixing</h2>\n{}"
      "<h2>All cells</h2>\n{}</main></body></html>\n",
      page_part("page_css"), kStyle, escaped(summary_of_atlas(table)), where_cells_lead(links),
      map_of(table, false, links), map_of(table, true, links), table_of_cells(table, links));
}

}  // namespace byzsim
