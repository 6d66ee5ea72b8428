#include "core/datasets/pixel_trigger.h"

#include <fmt/format.h>

#include <cmath>

namespace byzsim {

std::size_t PixelTrigger::rows_of(std::size_t batch) const {
  return static_cast<std::size_t>(std::floor(share * static_cast<double>(batch) + 0.5));
}

std::optional<std::string> trigger_problem(const PixelTrigger& trigger, const ImageShape& image,
                                           std::size_t classes) {
  if (image.channels == 0) return "marks images, but the examples of the data set are no images";
  if (trigger.size > image.height || trigger.size > image.width)
    return fmt::format("marks {} x {} pixels of images that have {} x {}", trigger.size,
                       trigger.size, image.height, image.width);
  if (static_cast<std::size_t>(trigger.target) >= classes)
    return fmt::format("has the target {}, but the classes are 0 to {}", trigger.target,
                       static_cast<std::ptrdiff_t>(classes) - 1);
  return std::nullopt;
}

std::vector<std::size_t> trigger_places(const PixelTrigger& trigger, const ImageShape& image) {
  std::vector<std::size_t> places;
  for (std::size_t channel = 0; channel < image.channels; ++channel)
    for (std::size_t y = image.height - trigger.size; y < image.height; ++y)
      for (std::size_t x = image.width - trigger.size; x < image.width; ++x)
        places.push_back((channel * image.height + y) * image.width + x);
  return places;
}

Examples triggered(const PixelTrigger& trigger, const Examples& examples, const ImageShape& image) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < examples.count(); ++i)
    if (examples.labels[i] != trigger.target) rows.push_back(i);
  const std::size_t width = image.channels * image.height * image.width;
  return {examples.features.painted(rows, width, trigger_places(trigger, image), trigger.value),
          std::vector<std::int32_t>(rows.size(), trigger.target)};
}

}  // namespace byzsim
