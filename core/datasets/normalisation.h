// The input of models on a common scale: (x - mean) / deviation, channel by channel, with constants
// or with what the training examples have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/datasets/dataset.h"
#include "core/input/issue.h"

namespace byzsim {

/// none, mnist, cifar10, constants, measured. A channel is one of an image; each feature of
/// examples that are no images is a channel of its own.
const std::vector<Declaration>& normalisations();

/// What is wrong with the choice for data of that size, at the JSON pointer `where` or below it.
std::optional<Issue> normalisation_problem(const Choice& choice, const DatasetSize& size,
                                           const std::string& where);

/// Normalises training and test examples alike; normalisation_problem() reports nothing. What is
/// measured is the mean and the deviation (of the population) of the training examples alone, sums
/// in double over the examples in their order; a deviation of 0 counts as 1.
void normalise(Dataset& dataset, const Choice& choice);

}  // namespace byzsim
