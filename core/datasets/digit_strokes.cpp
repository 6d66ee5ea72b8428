// The drawings are data: moving a point changes every image and digest of the glyphs.

#include "core/datasets/digit_strokes.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace byzsim {
namespace {

constexpr int kPiecesPerSpan = 4;  // at 28 x 28 pixels more could not be seen

using Drawings = std::vector<Drawing>;

Stroke straight(std::vector<int> points) { return {Stroke::Shape::straight, std::move(points)}; }
Stroke curved(std::vector<int> points) { return {Stroke::Shape::curved, std::move(points)}; }

Drawings zero() {
  return {{{{.50, .12},
            {.68, .20},
            {.76, .50},
            {.68, .80},
            {.50, .88},
            {.32, .80},
            {.24, .50},
            {.32, .20}},
           {curved({0, 1, 2, 3, 4, 5, 6, 7, 0})}}};
}

Drawings one() {
  return {{{{.50, .12}, {.50, .88}}, {straight({0, 1})}},
          {{{.34, .30}, {.53, .12}, {.53, .88}}, {straight({0, 1, 2})}},
          {{{.34, .28}, {.52, .12}, {.52, .88}, {.30, .88}, {.72, .88}},
           {straight({0, 1, 2}), straight({3, 2, 4})}}};
}

Drawings two() {
  return {{{{.27, .32},
            {.36, .16},
            {.55, .12},
            {.71, .24},
            {.66, .44},
            {.46, .66},
            {.26, .88},
            {.76, .88}},
           {curved({0, 1, 2, 3, 4, 5, 6}), straight({6, 7})}},
          {{{.27, .28},
            {.45, .12},
            {.68, .24},
            {.62, .50},
            {.42, .78},
            {.28, .86},
            {.24, .76},
            {.36, .72},
            {.56, .84},
            {.78, .82}},
           {curved({0, 1, 2, 3, 4, 5, 6, 7, 8, 9})}}};
}

Drawings three() {
  return {{{{.28, .22},
            {.48, .12},
            {.69, .24},
            {.62, .42},
            {.44, .48},
            {.64, .54},
            {.73, .70},
            {.54, .88},
            {.27, .78}},
           {curved({0, 1, 2, 3, 4}), curved({4, 5, 6, 7, 8})}},
          {{{.28, .14}, {.70, .14}, {.46, .42}, {.66, .48}, {.74, .66}, {.56, .88}, {.27, .80}},
           {straight({0, 1, 2}), curved({2, 3, 4, 5, 6})}}};
}

Drawings four() {
  return {{{{.60, .88}, {.60, .12}, {.24, .62}, {.80, .62}}, {straight({0, 1, 2, 3})}},
          {{{.32, .14}, {.26, .54}, {.78, .54}, {.64, .14}, {.62, .88}},
           {straight({0, 1, 2}), straight({3, 4})}}};
}

Drawings five() {
  return {{{{.70, .13},
            {.34, .13},
            {.31, .46},
            {.52, .40},
            {.72, .54},
            {.70, .76},
            {.48, .88},
            {.26, .80}},
           {straight({0, 1, 2}), curved({2, 3, 4, 5, 6, 7})}}};
}

Drawings six() {
  return {{{{.66, .14},
            {.46, .24},
            {.32, .46},
            {.29, .68},
            {.40, .86},
            {.60, .86},
            {.71, .70},
            {.60, .54},
            {.42, .56}},
           {curved({0, 1, 2, 3, 4, 5, 6, 7, 8, 3})}}};
}

Drawings seven() {
  return {{{{.25, .14}, {.75, .14}, {.42, .88}}, {straight({0, 1, 2})}},
          {{{.25, .14}, {.75, .14}, {.42, .88}, {.38, .50}, {.74, .50}},
           {straight({0, 1, 2}), straight({3, 4})}},
          {{{.26, .28}, {.26, .14}, {.75, .14}, {.54, .46}, {.46, .88}},
           {straight({0, 1, 2}), curved({2, 3, 4})}}};
}

Drawings eight() {
  return {{{{.50, .47},
            {.68, .33},
            {.62, .15},
            {.38, .15},
            {.32, .33},
            {.70, .66},
            {.62, .86},
            {.38, .86},
            {.30, .66}},
           {curved({0, 1, 2, 3, 4, 0, 5, 6, 7, 8, 0})}}};
}

Drawings nine() {
  return {{{{.69, .32}, {.58, .14}, {.38, .16}, {.29, .34}, {.40, .50}, {.58, .48}, {.65, .88}},
           {curved({0, 1, 2, 3, 4, 5, 0}), straight({0, 6})}},
          {{{.69, .32},
            {.58, .14},
            {.38, .16},
            {.29, .34},
            {.40, .50},
            {.58, .48},
            {.70, .60},
            {.60, .80},
            {.36, .88}},
           {curved({0, 1, 2, 3, 4, 5, 0}), curved({0, 6, 7, 8})}}};
}

// The uniform Catmull-Rom spline between b and c.
double spline(double a, double b, double c, double d, double t) {
  return 0.5 * (2 * b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
}

}  // namespace

std::span<const Drawing> drawings_of(int digit) {
  static const std::array<Drawings, 10> drawings = {zero(), one(), two(),   three(), four(),
                                                    five(), six(), seven(), eight(), nine()};
  BYZ_CHECK(0 <= digit && digit < 10, "a digit is one of 0 to 9");
  return drawings[static_cast<std::size_t>(digit)];
}

std::vector<PlanePoint> chain_of(const Stroke& stroke, std::span<const PlanePoint> places) {
  const int last = static_cast<int>(stroke.points.size()) - 1;
  const bool loop = stroke.points.front() == stroke.points.back();
  // Beyond an end: the loop's next point, or the end itself again.
  const auto place = [&](int i) {
    if (i < 0) i = loop ? i + last : 0;
    if (i > last) i = loop ? i - last : last;
    return places[static_cast<std::size_t>(stroke.points[static_cast<std::size_t>(i)])];
  };
  const int pieces = stroke.shape == Stroke::Shape::curved ? kPiecesPerSpan : 1;
  std::vector<PlanePoint> chain = {place(0)};
  for (int i = 0; i < last; ++i) {
    const PlanePoint a = place(i - 1), b = place(i), c = place(i + 1), d = place(i + 2);
    for (int piece = 1; piece < pieces; ++piece) {
      const double t = static_cast<double>(piece) / pieces;
      chain.push_back({spline(a.x, b.x, c.x, d.x, t), spline(a.y, b.y, c.y, d.y, t)});
    }
    chain.push_back(c);
  }
  return chain;
}

}  // namespace byzsim
