#include "tools/topology/graph_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/check.h"
#include "tools/topology/graph_layout.h"

namespace byzsim {
namespace {

constexpr double kSide = 900;   // of the square of the graph, in pixels
constexpr double kLegend = 60;  // height of the legend below
constexpr double kMargin = 40;
constexpr std::size_t kMostLabelled = 120;
constexpr const char* kHonestColour = "#0072b2";
constexpr const char* kByzantineColour = "#d55e00";
constexpr const char* kInk = "#1b1f24";

using Rgb = std::array<double, 3>;
// From dark to light, readable without colour vision, too (five of the colours of viridis).
constexpr std::array<Rgb, 5> kScale = {
    {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}}};

Rgb colour_at(double value) {
  // NaN counts as 0.
  const double at = (value > 0 ? std::min(value, 1.0) : 0.0) * (kScale.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), kScale.size() - 2);
  const double share = at - static_cast<double>(below);
  Rgb colour{};
  for (std::size_t i = 0; i < 3; ++i)
    colour[i] = kScale[below][i] + share * (kScale[below + 1][i] - kScale[below][i]);
  return colour;
}

std::string hex_of(const Rgb& colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", static_cast<int>(std::floor(colour[0] + 0.5)),
                     static_cast<int>(std::floor(colour[1] + 0.5)),
                     static_cast<int>(std::floor(colour[2] + 0.5)));
}

bool is_light(const Rgb& colour) {
  return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 150;
}

std::string xml_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  return escaped;
}

struct Canvas {
  const Graph& graph;
  std::size_t honest;
  const NodeColours& colours;
  std::vector<Place> places;  // in pixels
  double radius;              // of a node

  bool is_honest(std::size_t v) const { return v < honest; }
};

std::vector<Place> in_pixels(std::vector<Place> places) {
  for (Place& place : places)
    place = {kSide / 2 + place.x * (kSide / 2 - kMargin),
             kSide / 2 + place.y * (kSide / 2 - kMargin)};
  return places;
}

// So that all nodes together cover a twelfth of the picture, within what is seen and not too large.
double radius_for(std::size_t nodes) {
  const double each =
      kSide * kSide / 12 / (3.14 * static_cast<double>(std::max<std::size_t>(nodes, 1)));
  return std::clamp(std::sqrt(each), 4.0, 17.0);
}

std::string edge_lines_of(const Canvas& canvas) {
  const auto count = static_cast<double>(edge_count(canvas.graph));
  const double opacity = std::clamp(9 / std::sqrt(count + 1), 0.12, 0.7);
  std::string path;
  for (const auto& [a, b] : edges_of(canvas.graph))
    path += fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}", canvas.places[a].x, canvas.places[a].y,
                        canvas.places[b].x, canvas.places[b].y);
  return fmt::format(
      "<path class=\"edges\" d=\"{}\" stroke=\"{}\" stroke-opacity=\"{:.2f}\" "
      "fill=\"none\"/>\n",
      path, kInk, opacity);
}

// A circle or a diamond, open, so that a tooltip can be added.
std::string shape(bool honest, const Place& at, double radius, const std::string& fill) {
  const char* const stroke = honest ? kInk : kByzantineColour;
  if (honest)
    return fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"{}\" stroke=\"{}\">", at.x, at.y,
        radius, fill, stroke);
  const double reach = 1.3 * radius;
  return fmt::format(
      "<path class=\"byzantine\" d=\"M{0:.1f} {1:.1f}L{2:.1f} {3:.1f}L{0:.1f} "
      "{4:.1f}L{5:.1f} {3:.1f}Z\" fill=\"{6}\" stroke=\"{7}\" stroke-width=\"2\">",
      at.x, at.y - reach, at.x + reach, at.y, at.y + reach, at.x - reach, fill, stroke);
}

std::string end_of_shape(bool honest) { return honest ? "</circle>\n" : "</path>\n"; }

std::string fill_of(const Canvas& canvas, std::size_t v) {
  if (!canvas.colours.values.empty()) return hex_of(colour_at(canvas.colours.values[v]));
  return canvas.is_honest(v) ? kHonestColour : kByzantineColour;
}

std::string label_of(const Canvas& canvas, std::size_t v) {
  const auto& values = canvas.colours.values;
  const bool dark = values.empty() || !is_light(colour_at(values[v]));
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.1f}\" fill=\"{}\" "
      "text-anchor=\"middle\" pointer-events=\"none\">{}</text>\n",
      canvas.places[v].x, canvas.places[v].y + 0.32 * canvas.radius, 0.95 * canvas.radius,
      dark ? "#ffffff" : kInk, v);
}

std::string node(const Canvas& canvas, std::size_t v) {
  const bool honest = canvas.is_honest(v);
  std::string text = shape(honest, canvas.places[v], canvas.radius, fill_of(canvas, v));
  text += fmt::format("<title>{} node {}, {} neighbours</title>", honest ? "honest" : "Byzantine",
                      v, degree_of(canvas.graph, v));
  text += end_of_shape(honest);
  if (canvas.graph.vertices() <= kMostLabelled) text += label_of(canvas, v);
  return text;
}

std::string legend_text(double x, double y, const std::string& text, const char* anchor = "start") {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"16\" fill=\"{}\" "
      "text-anchor=\"{}\">{}</text>\n",
      x, y, kInk, anchor, xml_text(text));
}

std::string legend_of_nodes(const Canvas& canvas) {
  const bool scaled = !canvas.colours.values.empty();
  const double y = kSide + kLegend / 2;
  std::string text;
  const auto entry = [&](double x, bool honest, std::size_t count) {
    const std::string fill = scaled ? "#ffffff" : honest ? kHonestColour : kByzantineColour;
    text += shape(honest, {x, y}, 9, fill) + end_of_shape(honest);
    text +=
        legend_text(x + 18, y + 6, fmt::format("{} {}", count, honest ? "honest" : "Byzantine"));
  };
  const std::size_t byzantine = canvas.graph.vertices() - canvas.honest;
  entry(kMargin, true, canvas.honest);
  if (byzantine > 0) entry(kMargin + 140, false, byzantine);
  const std::size_t edges = edge_count(canvas.graph);
  text += legend_text(kMargin + (byzantine > 0 ? 310 : 140), y + 6,
                      fmt::format("{} {}", edges, edges == 1 ? "edge" : "edges"));
  return text;
}

std::string legend_of_colours(const NodeColours& colours) {
  if (colours.values.empty()) return "";
  std::string text = "<defs><linearGradient id=\"scale\">";
  for (std::size_t i = 0; i < kScale.size(); ++i)
    text += fmt::format("<stop offset=\"{}\" stop-color=\"{}\"/>",
                        static_cast<double>(i) / (kScale.size() - 1), hex_of(kScale[i]));
  const double right = kSide - kMargin, left = right - 200, y = kSide + kLegend / 2;
  text += fmt::format(
      "</linearGradient></defs>\n<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"200\" "
      "height=\"12\" fill=\"url(#scale)\" stroke=\"{}\"/>\n",
      left, y - 10, kInk);
  return text + legend_text(left, y + 20, colours.low) +
         legend_text(right, y + 20, colours.high, "end") +
         legend_text(left - 12, y + 2, colours.label, "end");
}

}  // namespace

std::string graph_svg(const Graph& graph, std::size_t honest, const NodeColours& colours) {
  BYZ_CHECK(honest >= 1 && honest <= graph.vertices(), "some vertices of a graph are honest");
  BYZ_CHECK(colours.values.empty() || colours.values.size() == graph.vertices(),
            "each vertex has a colour, or none has");
  const Canvas canvas{graph, honest, colours, in_pixels(layout_of(graph, honest)),
                      radius_for(graph.vertices())};
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" font-family=\"sans-serif\">\n<rect width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "fill=\"#ffffff\"/>\n",
      kSide, kSide + kLegend);
  svg += edge_lines_of(canvas);
  for (std::size_t v = 0; v < graph.vertices(); ++v) svg += node(canvas, v);
  return svg + legend_of_nodes(canvas) + legend_of_colours(colours) + "</svg>\n";
}

}  // namespace byzsim
