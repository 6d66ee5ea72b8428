#include "core/robustness/cone_rays.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/check.h"

namespace byzsim {
namespace {

struct ConeRay {
  std::vector<double> along;
  std::uint64_t tight = 0;  // the inequalities that hold with equality, as bits
};

double along_ray(const std::vector<double>& constraint, const ConeRay& ray) {
  double sum = 0;
  for (std::size_t k = 0; k < constraint.size(); ++k) sum += constraint[k] * ray.along[k];
  return std::fabs(sum) < 1e-12 ? 0 : sum;
}

// Rays span a face of two dimensions where no third one is tight wherever both are.
bool are_adjacent(const std::vector<ConeRay>& rays, std::size_t a, std::size_t b) {
  const std::uint64_t both = rays[a].tight & rays[b].tight;
  for (std::size_t i = 0; i < rays.size(); ++i)
    if (i != a && i != b && (rays[i].tight & both) == both) return false;
  return true;
}

// Where the two-dimensional face meets the constraint's plane.
ConeRay crossing(const ConeRay& above, double at_above, const ConeRay& below, double at_below) {
  ConeRay ray;
  ray.tight = above.tight & below.tight;
  double largest = 0;
  for (std::size_t k = 0; k < above.along.size(); ++k) {
    ray.along.push_back(at_above * below.along[k] - at_below * above.along[k]);
    largest = std::max(largest, ray.along[k]);
  }
  for (double& value : ray.along) value /= largest;
  return ray;
}

std::vector<ConeRay> rays_within(const std::vector<ConeRay>& rays,
                                 const std::vector<double>& constraint, std::uint64_t bit) {
  std::vector<double> at;
  for (const ConeRay& ray : rays) at.push_back(along_ray(constraint, ray));
  std::vector<ConeRay> within;
  for (std::size_t i = 0; i < rays.size(); ++i) {
    if (at[i] < 0) continue;
    within.push_back(rays[i]);
    if (at[i] == 0) within.back().tight |= bit;
  }
  for (std::size_t i = 0; i < rays.size(); ++i)
    for (std::size_t j = 0; j < rays.size(); ++j)
      if (at[i] > 0 && at[j] < 0 && are_adjacent(rays, i, j)) {
        within.push_back(crossing(rays[i], at[i], rays[j], at[j]));
        within.back().tight |= bit;
      }
  return within;
}

}  // namespace

std::vector<std::vector<double>> cone_rays(std::size_t dimension,
                                           const std::vector<std::vector<double>>& constraints) {
  BYZ_CHECK(dimension + constraints.size() <= 64, "inequalities are the bits of one word");
  std::vector<ConeRay> rays(dimension);
  for (std::size_t k = 0; k < dimension; ++k) {
    rays[k].along.resize(dimension);
    rays[k].along[k] = 1;
    for (std::size_t other = 0; other < dimension; ++other)
      if (other != k) rays[k].tight |= std::uint64_t{1} << other;
  }
  for (std::size_t i = 0; i < constraints.size(); ++i)
    rays = rays_within(rays, constraints[i], std::uint64_t{1} << (dimension + i));
  std::vector<std::vector<double>> all;
  for (ConeRay& ray : rays) all.push_back(std::move(ray.along));
  return all;
}

}  // namespace byzsim
