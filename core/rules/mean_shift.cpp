#include "core/rules/mean_shift.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace byzsim {
namespace {

double feature_distance(const FeaturePoint& a, const FeaturePoint& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(sum);
}

double bandwidth_of(const std::vector<FeaturePoint>& points, double quantile) {
  const auto share = static_cast<std::size_t>(quantile * double(points.size()));
  const std::size_t nearest = std::clamp(share, std::size_t{1}, points.size());
  double sum = 0;
  for (const FeaturePoint& point : points) {
    std::vector<double> distances;
    for (const FeaturePoint& other : points) distances.push_back(feature_distance(point, other));
    std::sort(distances.begin(), distances.end());
    sum += distances[nearest - 1];
  }
  return sum / double(points.size());
}

// Where points crowd, and how many lie around.
struct CrowdedPlace {
  std::size_t around;
  FeaturePoint centre;
};

// The mean of the points within the bandwidth, at least one of which is there.
CrowdedPlace shifted(const std::vector<FeaturePoint>& points, const FeaturePoint& from,
                     double bandwidth) {
  CrowdedPlace place{0, {}};
  for (const FeaturePoint& point : points) {
    if (feature_distance(point, from) > bandwidth) continue;
    ++place.around;
    for (std::size_t k = 0; k < point.size(); ++k) place.centre[k] += point[k];
  }
  // Rounding may leave none within a bandwidth of 0.
  if (place.around == 0) return {0, from};
  for (double& value : place.centre) value /= double(place.around);
  return place;
}

CrowdedPlace climbed(const std::vector<FeaturePoint>& points, FeaturePoint from, double bandwidth) {
  constexpr int kMostRounds = 300;
  for (int round = 0;; ++round) {
    const CrowdedPlace next = shifted(points, from, bandwidth);
    if (round == kMostRounds || feature_distance(next.centre, from) <= 1e-3 * bandwidth)
      return next;
    from = next.centre;
  }
}

// The most crowded first, without those within the bandwidth of one before.
std::vector<FeaturePoint> peaks(const std::vector<FeaturePoint>& points, double bandwidth) {
  std::vector<CrowdedPlace> places;
  for (const FeaturePoint& point : points) places.push_back(climbed(points, point, bandwidth));
  std::sort(places.begin(), places.end(), [](const CrowdedPlace& a, const CrowdedPlace& b) {
    return std::tie(a.around, a.centre) > std::tie(b.around, b.centre);
  });
  std::vector<FeaturePoint> apart;
  for (const CrowdedPlace& place : places)
    if (std::none_of(apart.begin(), apart.end(), [&](const FeaturePoint& other) {
          return feature_distance(place.centre, other) <= bandwidth;
        }))
      apart.push_back(place.centre);
  return apart;
}

}  // namespace

std::vector<std::size_t> largest_mean_shift_cluster(const std::vector<FeaturePoint>& points,
                                                    double quantile) {
  const std::vector<FeaturePoint> centres = peaks(points, bandwidth_of(points, quantile));
  std::vector<std::vector<std::size_t>> clusters(centres.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::size_t nearest = 0;
    for (std::size_t k = 1; k < centres.size(); ++k)
      if (feature_distance(points[i], centres[k]) < feature_distance(points[i], centres[nearest]))
        nearest = k;
    clusters[nearest].push_back(i);
  }
  return *std::max_element(clusters.begin(), clusters.end(), [](const auto& a, const auto& b) {
    return a.size() < b.size();  // the first of equals
  });
}

}  // namespace byzsim
