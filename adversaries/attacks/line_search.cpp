#include "adversaries/attacks/line_search.h"

#include <cmath>
#include <limits>
#include <utility>

#include "adversaries/attacks/assumed_combine.h"
#include "adversaries/attacks/departure.h"
#include "adversaries/attacks/factor_scan.h"
#include "adversaries/attacks/honest_statistics.h"
#include "core/check.h"

namespace byzsim {
namespace {

// By the search that the parameters ask for.
double worst_factor(const Parameters& parameters, const std::function<double(double)>& objective) {
  const std::int64_t evaluations = parameters.integer("evaluations");
  const double start = parameters.real("start");
  // "scan" in place of a first step asks for the scan.
  if (parameters.is_word("delta")) return maximize(FactorScan{evaluations, start}, objective);
  return maximize(
      LineSearch{evaluations, start, parameters.real("delta"), parameters.real("ratio")},
      objective);
}

template <class Real>
double distance_between(const std::vector<Real>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t c = 0; c < b.size(); ++c) {
    const double difference = static_cast<double>(a[c]) - b[c];
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

}  // namespace

double maximize(const LineSearch& search, const std::function<double(double)>& objective) {
  BYZ_CHECK(search.evaluations >= 1 && std::isfinite(search.start), "a search begins at a factor");
  BYZ_CHECK(search.ratio > 0 && search.ratio <= 1, "steps that do not help become shorter");
  BYZ_CHECK(objective != nullptr, "a search has an objective");
  const auto value_at = [&](double x) {
    const double value = objective(x);
    // Such a result would give the attacker away, and a NaN at the start would never be exceeded.
    return std::isfinite(value) ? value : -std::numeric_limits<double>::infinity();
  };
  double best = search.start, highest = value_at(best), step = search.delta;
  bool growing = true;
  for (std::int64_t left = search.evaluations - 1; left > 0; --left) {
    const double value = value_at(best + step);
    const bool better = value > highest;
    if (better) {
      best += step;
      highest = value;
    }
    // Doubling ends for good at the first step that does not help, as in ByzFL.
    growing = growing && better;
    step *= growing ? 2 : search.ratio;
  }
  return best;
}

std::vector<double> Line::at(double x) const {
  BYZ_CHECK(origin.size() == direction.size(), "a line lies in one space");
  std::vector<double> point = origin;
  for (std::size_t c = 0; c < point.size(); ++c) point[c] += x * direction[c];
  return point;
}

template <class Real>
std::vector<const Real*> attacked(const AttackInput<Real>& input,
                                  const std::vector<Real>& candidate) {
  BYZ_CHECK(candidate.size() == input.dimension(), "a candidate has the dimension of the others");
  BYZ_CHECK(input.f >= 0, "Byzantine nodes are counted");
  std::vector<const Real*> vectors = known_vectors(input);
  vectors.insert(vectors.end(), static_cast<std::size_t>(input.f), candidate.data());
  return vectors;
}

template <class Real>
std::vector<Real> most_damaging(const AttackInput<Real>& input, const std::vector<double>& mean,
                                const Line& line) {
  BYZ_CHECK(mean.size() == input.dimension() && line.origin.size() == input.dimension(),
            "the line and the mean lie in the space of the vectors");
  const AssumedCombine<Real> combine = assumed_combine(input);
  // A receiver on a graph should get no mean of all, but what its honest neighbours make of it.
  const std::vector<double> sought = combine.own ? honest_combine(combine, mean.size()) : mean;
  const auto damage = [&](double x) {
    const auto candidate = rounded<Real>(line.at(x));
    return distance_between(combined_with(combine, input, candidate), sought);
  };
  return rounded<Real>(line.at(worst_factor(input.parameters, damage)));
}

std::vector<Parameter> line_search_parameters() {
  const Parameter delta =
      real("delta", 0, -1e12, 1e12,
           "the first step of ByzFL's line search (there: 10), which doubles while "
           "the result worsens; scan: instead, all factors above the first are "
           "scanned and refined where they damage most")
          .or_default_word("scan");
  return {
      integer("evaluations", 50, 1, 10'000, "evaluations of the defence in the search (ByzFL: 20)"),
      real("start", 0, -1e12, 1e12, "the first factor tried"), delta,
      real("ratio", 0.8, 0.5, 1,
           "of the line search: what each step after those doubled is of "
           "the one before")
          .above_low()
          .only_unless("delta", "scan")};
}

std::vector<Parameter> departing_search_parameters(std::string usual) {
  std::vector<Parameter> all = line_search_parameters();
  all.push_back(departure_parameter(std::move(usual)));
  return all;
}

std::vector<Parameter> strength_parameters(Parameter strength) {
  std::vector<Parameter> all = {std::move(strength)};
  for (const Parameter& each : line_search_parameters())
    // What else one of these counts by comes first.
    all.push_back(
        (each.relevance ? each : each.only_while("strength", "search")).omitted_at_default());
  return all;
}

template std::vector<const float*> attacked(const AttackInput<float>&, const std::vector<float>&);
template std::vector<const double*> attacked(const AttackInput<double>&,
                                             const std::vector<double>&);
template std::vector<float> most_damaging(const AttackInput<float>&, const std::vector<double>&,
                                          const Line&);
template std::vector<double> most_damaging(const AttackInput<double>&, const std::vector<double>&,
                                           const Line&);

}  // namespace byzsim
