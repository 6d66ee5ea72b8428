#include "core/models/layer_list.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>
#include <string_view>

#include "core/check.h"
#include "core/models/cross_entropy.h"

namespace byzsim {
namespace {

constexpr std::size_t kLargestKernel = 64, kLargestChannels = 4096, kLargestDense = 65536;
constexpr const char* kWords = "convHxWxC, convHxWxCv, poolK/S, fcN, relu and tanh";

using Numbers = std::vector<std::size_t>;
using Mistake = std::optional<std::string>;

/// The numbers of a word that is `prefix` and then numbers with those characters between them.
std::optional<Numbers> numbers_of(std::string_view word, std::string_view prefix,
                                  std::string_view between) {
  if (word.substr(0, prefix.size()) != prefix) return std::nullopt;
  const char* at = word.data() + prefix.size();
  const char* const end = word.data() + word.size();
  Numbers numbers;
  for (std::size_t i = 0; i <= between.size(); ++i) {
    if (i > 0 && (at == end || *at++ != between[i - 1])) return std::nullopt;
    std::size_t number = 0;
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc()) return std::nullopt;
    at = after;
    numbers.push_back(number);
  }
  return at == end ? std::optional(numbers) : std::nullopt;
}

Mistake out_of_range(const char* what, std::size_t number, std::size_t largest) {
  if (number >= 1 && number <= largest) return std::nullopt;
  return fmt::format("has a {} of {}; it must be in [1, {}]", what, number, largest);
}

/// Reads word after word, and keeps what the next layer takes.
class LayerReader {
 public:
  explicit LayerReader(const DataShape& data) : image_(data.image), width_(data.features) {}

  /// What is wrong with the word, as the end of a sentence that begins with it.
  Mistake read(const std::string& word);
  void add_dense(std::size_t outputs);
  std::vector<Stage> stages;

 private:
  Mistake add_convolution(const Numbers& numbers, bool padded);
  Mistake add_pool(const Numbers& numbers);
  Mistake add_activation(Activation activation);
  Mistake images_missing() const;
  void add(const Layer& layer) {
    stages.push_back({layer});
    width_ = outputs_of(layer);
  }

  ImageShape image_;
  std::size_t width_;
  bool flat_ = false;  // after a dense layer there is no image any more
};

Mistake LayerReader::read(const std::string& word) {
  if (word == "relu") return add_activation(Activation::relu);
  if (word == "tanh") return add_activation(Activation::tanh);
  const bool padded = !word.ends_with('v');
  const std::string_view sizes(word.data(), word.size() - (padded ? 0 : 1));
  if (const auto numbers = numbers_of(sizes, "conv", "xx"))
    return add_convolution(*numbers, padded);
  if (const auto numbers = numbers_of(word, "pool", "/")) return add_pool(*numbers);
  if (const auto numbers = numbers_of(word, "fc", "")) {
    if (auto mistake = out_of_range("width", (*numbers)[0], kLargestDense)) return mistake;
    add_dense((*numbers)[0]);
    return std::nullopt;
  }
  return fmt::format("is not one of: {}", kWords);
}

void LayerReader::add_dense(std::size_t outputs) {
  add(DenseLayer{width_, outputs});
  flat_ = true;
}

Mistake LayerReader::images_missing() const {
  if (flat_) return "needs an image, but there is none after a dense layer";
  if (size_of(image_) == 0) return "needs images, but the data set has none";
  return std::nullopt;
}

Mistake LayerReader::add_convolution(const Numbers& numbers, bool padded) {
  if (auto mistake = images_missing()) return mistake;
  if (auto mistake = out_of_range("kernel height", numbers[0], kLargestKernel)) return mistake;
  if (auto mistake = out_of_range("kernel width", numbers[1], kLargestKernel)) return mistake;
  if (auto mistake = out_of_range("number of channels", numbers[2], kLargestChannels))
    return mistake;
  if (!padded && (numbers[0] > image_.height || numbers[1] > image_.width))
    return fmt::format("has a kernel larger than the {} x {} remaining pixels", image_.height,
                       image_.width);
  const ConvolutionLayer layer{image_, numbers[0], numbers[1], numbers[2], padded};
  add(layer);
  image_ = layer.output();
  return std::nullopt;
}

Mistake LayerReader::add_pool(const Numbers& numbers) {
  if (auto mistake = images_missing()) return mistake;
  const std::size_t window = numbers[0];
  if (auto mistake = out_of_range("window", window, kLargestKernel)) return mistake;
  // A longer stride would leave pixels that no window sees.
  if (auto mistake = out_of_range("stride", numbers[1], window)) return mistake;
  if (window > image_.height || window > image_.width)
    return fmt::format("has a window larger than the {} x {} remaining pixels", image_.height,
                       image_.width);
  const PoolLayer layer{image_, window, numbers[1]};
  add(layer);
  image_ = layer.output();
  return std::nullopt;
}

Mistake LayerReader::add_activation(Activation activation) {
  if (stages.empty()) return "has no layer before it";
  if (stages.back().activation != Activation::none) return "follows another activation";
  stages.back().activation = activation;
  return std::nullopt;
}

}  // namespace

LayerList read_layers(const std::string& words, const DataShape& data) {
  // Before the words: without classes no last layer can be added.
  if (auto mistake = classes_missing({}, data)) return {{}, mistake};
  LayerReader reader(data);
  std::istringstream stream(words);
  std::size_t place = 0;
  for (std::string word; stream >> word;)
    if (const Mistake mistake = (++place, reader.read(word)))
      return {{}, fmt::format("layer {}, \"{}\", {}", place, word, *mistake)};
  // An output for each class, without an activation: softmax follows.
  reader.add_dense(data.classes);
  return {reader.stages, std::nullopt};
}

std::unique_ptr<Model> make_listed_network(const std::string& words, const DataShape& data,
                                           const Parameters& parameters) {
  LayerList list = read_layers(words, data);
  BYZ_CHECK(!list.mistake, "a list of layers is checked before its network is made");
  return make_network(std::move(list.stages), initialisation_of(parameters));
}

}  // namespace byzsim
