#include "core/datasets/augmentation.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"

namespace byzsim {
namespace {

constexpr double kLargestPadding = 64;

void augment_one(const Flip&, const ImageShape& image, std::span<const float>, Stream& stream,
                 std::span<float> values) {
  if (stream.below(2) == 0) return;
  for (std::size_t row = 0; row < values.size(); row += image.width)
    std::reverse(values.begin() + static_cast<std::ptrdiff_t>(row),
                 values.begin() + static_cast<std::ptrdiff_t>(row + image.width));
}

void augment_one(const Crop& crop, const ImageShape& image, std::span<const float> zeros,
                 Stream& stream, std::span<float> values) {
  // The window's corner in the padded image.
  const std::size_t top = stream.below(2 * crop.padding + 1);
  const std::size_t left = stream.below(2 * crop.padding + 1);
  const std::vector<float> before(values.begin(), values.end());
  const std::size_t pixels = image.height * image.width;
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Of the pixel's source, counted in the padded image: those beside the image are zeros.
    const std::size_t y = i % pixels / image.width + top, x = i % image.width + left;
    const bool inside = y >= crop.padding && y < image.height + crop.padding && x >= crop.padding &&
                        x < image.width + crop.padding;
    const std::size_t plane = i / pixels;
    values[i] = inside
                    ? before[plane * pixels + (y - crop.padding) * image.width + x - crop.padding]
                    : zeros[plane];
  }
}

}  // namespace

const std::vector<Declaration>& augmentations() {
  static const std::vector<Declaration> all = {
      {"flip", "left and right are exchanged with probability 1/2", ""},
      {"crop",
       "a window of the image's size at a random place of the image with zeros around it",
       "",
       {integer("padding", 4, 1, kLargestPadding, "rows and columns of zeros on each side")}}};
  return all;
}

std::optional<Issue> augmentation_problem(const std::vector<Choice>& choices,
                                          const ImageShape& image, const std::string& where) {
  if (choices.empty()) return std::nullopt;
  if (image.channels == 0)
    return Issue{where, "changes images, but the examples of the data set are no images",
                 "leave it out, or choose another data set"};
  for (std::size_t i = 1; i < choices.size(); ++i)
    for (std::size_t before = 0; before < i; ++before)
      if (choices[before].name == choices[i].name)
        return Issue{fmt::format("{}/{}", where, i),
                     fmt::format("\"{}\" is in the list already", choices[i].name),
                     "leave one of them out"};
  return std::nullopt;
}

std::vector<Augmentation> make_augmentations(const std::vector<Choice>& choices) {
  std::vector<Augmentation> list;
  for (const Choice& choice : choices)
    if (choice.name == "flip")
      list.emplace_back(Flip{});
    else
      list.emplace_back(Crop{static_cast<std::size_t>(choice.parameters.integer("padding"))});
  return list;
}

void augment(const std::vector<Augmentation>& list, const ImageShape& image,
             std::span<const float> zeros, Stream& stream, std::span<float> values) {
  BYZ_CHECK(values.size() == image.channels * image.height * image.width &&
                zeros.size() == image.channels,
            "an image has the values of its shape");
  for (const Augmentation& each : list)
    std::visit([&](const auto& one) { augment_one(one, image, zeros, stream, values); }, each);
}

}  // namespace byzsim
