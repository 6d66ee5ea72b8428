// What the rules of decentralised training on graphs share: a node moves its own vector by weighted
// differences to the vectors of its neighbours.
//
// A neighbour is any vector but the own one, which is trusted, if its weight is above 0. Distances
// are to the own vector; one at +infinity (a vector that is not finite, or doubles whose squares
// overflow) has no direction: the own vector takes its place. Of neighbours equally far the lowest
// index comes first. Weights are counted in units of the largest weight of a neighbour, so that
// equal weights count vectors, exactly.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/rules/rule.h"

namespace byzsim {

/// One vector beside the own one, of weight above 0.
struct Neighbour {
  std::size_t index;
  double count;     ///< its weight over the largest of all neighbours, in (0, 1]
  double distance;  ///< to the own vector; +infinity, never NaN
};

/// Sums of unequal weights differ from a whole number of units by rounding; no further than this.
constexpr double kCountSlack = 1e-9;

/// The index of the receiver's own vector, which must be there.
template <class Real>
std::size_t own_of(const RuleInput<Real>& input);

/// The gossip weight of a vector: 1/n where none are given.
template <class Real>
double gossip_weight(const RuleInput<Real>& input, std::size_t index);

/// How many vectors a rule clips or removes by definition, `count`, or one more or less where a
/// word such as "2f-1" or "2f+1" chooses that; never below 0.
int count_chosen_by(const std::string& word, int count);

/// All neighbours, by index.
template <class Real>
std::vector<Neighbour> neighbours_of(const RuleInput<Real>& input);

/// The same neighbours, farthest first, or nearest first.
std::vector<Neighbour> farthest_first(std::vector<Neighbour> neighbours);
std::vector<Neighbour> nearest_first(std::vector<Neighbour> neighbours);

/// out = own + the sum over the neighbours of weight x share x (vector - own); a share in [0, 1]
/// for each of `neighbours`. Where the weights sum to 1, this is a weighted mean.
template <class Real>
void gossip_step(const RuleInput<Real>& input, std::span<const Neighbour> neighbours,
                 std::span<const double> shares, Real* out);

/// The same with the differences shortened to `radius`, which may be infinite; reports how many
/// neighbours lie beyond it.
template <class Real>
void clipped_step(const RuleInput<Real>& input, std::span<const Neighbour> neighbours,
                  double radius, Real* out);

/// out = the vector itself.
template <class Real>
void copy_vector(const RuleInput<Real>& input, std::size_t index, Real* out);

/// A rule that moves the own vector by weighted differences to its neighbours' and needs a majority
/// of honest vectors, in n d operations.
Rule gossip_rule(Declaration declaration,
                 std::function<void(const RuleInput<float>& input, float* out)> aggregate_float,
                 std::function<void(const RuleInput<double>& input, double* out)> aggregate_double);

}  // namespace byzsim
