#include "core/datasets/normalisation.h"

#include <fmt/format.h>

#include <cmath>

namespace byzsim {
namespace {

constexpr double kLargestMean = 1e9;
constexpr double kSmallestDeviation = 1e-9;

struct Constants {
  std::vector<double> means, deviations;
};

Constants constants_of(const Choice& choice) {
  if (choice.name == "mnist") return {{0.1307}, {0.3081}};
  if (choice.name == "cifar10") return {{0.4914, 0.4822, 0.4465}, {0.2023, 0.1994, 0.2010}};
  const auto numbers = [&](const char* name) {
    return std::get<std::vector<double>>(choice.parameters.at(name));
  };
  return {numbers("means"), numbers("deviations")};
}

std::size_t channels_of(const ImageShape& image, std::size_t features) {
  return image.channels > 0 ? image.channels : features;
}

// One number stands for all channels.
std::vector<float> for_channels(const std::vector<double>& numbers, std::size_t channels) {
  std::vector<float> all(channels);
  for (std::size_t i = 0; i < channels; ++i)
    all[i] = static_cast<float>(numbers[numbers.size() == 1 ? 0 : i]);
  return all;
}

// Of all training values, channel by channel: the sum of term(channel, value).
template <class Term>
std::vector<double> sums_of(const Dataset& dataset, std::size_t channels, const Term& term) {
  std::vector<double> sums(channels);
  std::vector<float> row(dataset.features);
  const std::size_t run = dataset.features / channels;
  for (std::size_t example = 0; example < dataset.train.count(); ++example) {
    dataset.train.features.copy(example * dataset.features, row);
    for (std::size_t i = 0; i < row.size(); ++i) sums[i / run] += term(i / run, double(row[i]));
  }
  return sums;
}

Constants measured(const Dataset& dataset, std::size_t channels) {
  const std::size_t values = dataset.train.count() * (dataset.features / channels);
  const auto count = static_cast<double>(values);
  Constants found;
  found.means = sums_of(dataset, channels, [](std::size_t, double value) { return value; });
  for (double& mean : found.means) mean /= count;
  found.deviations = sums_of(dataset, channels, [&](std::size_t channel, double value) {
    const double apart = value - found.means[channel];
    return apart * apart;
  });
  for (double& deviation : found.deviations) {
    deviation = std::sqrt(deviation / count);
    // A constant becomes 0, whatever it is divided by; float32 must hold the divisor.
    if (static_cast<float>(deviation) == 0) deviation = 1;
  }
  return found;
}

}  // namespace

const std::vector<Declaration>& normalisations() {
  static const std::vector<Declaration> all = {
      {"none", "features as the data set has them: images in [0, 1]", ""},
      {"mnist", "images of one channel, mean 0.1307 and deviation 0.3081", ""},
      {"cifar10",
       "images of three channels, means 0.4914, 0.4822, 0.4465 and deviations 0.2023, 0.1994, "
       "0.2010",
       ""},
      {"constants",
       "the given means and deviations",
       "",
       {reals("means", -kLargestMean, kLargestMean,
              "subtracted: a number for each channel (or feature), or one for all"),
        reals("deviations", kSmallestDeviation, kLargestMean,
              "divided by: a number for each channel (or feature), or one for all")}},
      {"measured", "mean and deviation of each channel (or feature) over the training examples",
       ""}};
  return all;
}

std::optional<Issue> normalisation_problem(const Choice& choice, const DatasetSize& size,
                                           const std::string& where) {
  const bool images = size.image.channels > 0;
  const std::size_t channels = channels_of(size.image, size.features);
  if (choice.name == "none" || choice.name == "measured") return std::nullopt;
  const Constants constants = constants_of(choice);
  if (choice.name != "constants") {
    if (images && channels == constants.means.size()) return std::nullopt;
    return Issue{
        where,
        fmt::format("\"{}\" is for images of {} channel{}, but the examples {}", choice.name,
                    constants.means.size(), constants.means.size() == 1 ? "" : "s",
                    images ? fmt::format("have {}", channels) : "are no images"),
        "choose \"measured\", or \"constants\""};
  }
  for (const auto& [key, numbers] :
       {std::pair{"means", &constants.means}, {"deviations", &constants.deviations}})
    if (numbers->size() != 1 && numbers->size() != channels)
      return Issue{
          fmt::format("{}/parameters/{}", where, key),
          fmt::format("has {} number{} for {} {}", numbers->size(), numbers->size() == 1 ? "" : "s",
                      channels, images ? "channels" : "features"),
          fmt::format("give 1 or {}", channels)};
  return std::nullopt;
}

void normalise(Dataset& dataset, const Choice& choice) {
  if (choice.name == "none") return;
  const std::size_t channels = channels_of(dataset.image, dataset.features);
  const Constants constants =
      choice.name == "measured" ? measured(dataset, channels) : constants_of(choice);
  const Normalisation normalisation{for_channels(constants.means, channels),
                                    for_channels(constants.deviations, channels),
                                    dataset.features / channels};
  for (Examples* part : {&dataset.train, &dataset.test})
    part->features = std::move(part->features).normalised(normalisation);
}

}  // namespace byzsim
