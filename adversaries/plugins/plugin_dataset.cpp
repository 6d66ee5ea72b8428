#include <algorithm>
#include <limits>

#include "adversaries/plugins/plugin_data.h"
#include "adversaries/plugins/plugin_vectors.h"
#include "core/check.h"
#include "core/kernels/vector_kernels.h"

namespace byzsim {
namespace {

constexpr std::size_t kExamplesAtOnce = 256;
constexpr std::size_t kMostFeatures = std::size_t{1} << 31, kMostExamples = 1'000'000'000,
                      kMostClasses = 1'000'000;

// One data set of a library, with the functions that answer for it.
class LibraryDataset {
 public:
  LibraryDataset(const byzsim_dataset& dataset, const Declaration& declaration, bool keeps_state)
      : dataset_(dataset),
        declared_(declaration.parameters),
        shape_("data set", declaration, "shape", keeps_state),
        make_("data set", declaration, "make", keeps_state) {}

  DatasetSize size(const Parameters& parameters, std::uint64_t seed) const;
  ExampleBlock make(const Parameters& parameters, std::uint64_t seed, const DatasetSize& size,
                    std::int32_t part, std::size_t begin, std::size_t count) const;

 private:
  byzsim_dataset dataset_;
  std::vector<Parameter> declared_;
  PluginFunction shape_, make_;
};

DatasetSize LibraryDataset::size(const Parameters& parameters, std::uint64_t seed) const {
  const Stream stream(seed, Purpose::dataset, 2, 0);
  DatasetSize size{};
  answer_of(shape_, stream, [&](bool) {
    const Executor this_thread(1);
    const PluginHost host(shape_, stream, this_thread);
    const auto values = plugin_values(declared_, parameters);
    const byzsim_dataset_input input{.seed = seed,
                                     .part = 0,
                                     .begin = 0,
                                     .count = 0,
                                     .parameters = values.data(),
                                     .host = &host,
                                     .size = sizeof(byzsim_dataset_input)};
    byzsim_data_shape shape{};
    shape.size = sizeof shape;
    std::size_t train = 0, test = 0;
    call_plugin(shape_,
                [&] { return dataset_.shape(dataset_.user, &input, &shape, &train, &test); });
    size = {.features = shape.features,
            .classes = shape.classes,
            .train = train,
            .test = test,
            .image = {shape.channels, shape.height, shape.width}};
    if (const char* problem = problem_of_size(size)) refuse_plugin(shape_, problem);
    return std::vector<std::size_t>{shape.features, shape.classes, train,      test,
                                    shape.channels, shape.height,  shape.width};
  });
  return size;
}

ExampleBlock LibraryDataset::make(const Parameters& parameters, std::uint64_t seed,
                                  const DatasetSize& size, std::int32_t part, std::size_t begin,
                                  std::size_t count) const {
  BYZ_CHECK(part == 0 || part == 1, "a data set has two parts");
  BYZ_CHECK(begin + count <= (part == 0 ? size.train : size.test), "examples of a part exist");
  const Stream stream(seed, Purpose::dataset, static_cast<std::uint64_t>(part), begin);
  return answer_of(make_, stream, [&](bool) {
    const Executor this_thread(1);
    const PluginHost host(make_, stream, this_thread);
    const auto values = plugin_values(declared_, parameters);
    const byzsim_dataset_input input{.seed = seed,
                                     .part = part,
                                     .begin = begin,
                                     .count = count,
                                     .parameters = values.data(),
                                     .host = &host,
                                     .size = sizeof(byzsim_dataset_input)};
    const std::size_t labelled = size.classes > 0 ? count : 0, aimed = count - labelled;
    PluginVector<float> features(count * size.features, std::numeric_limits<float>::quiet_NaN());
    PluginVector<std::int32_t> labels(labelled, -1);
    PluginVector<float> targets(aimed, std::numeric_limits<float>::quiet_NaN());
    call_plugin(make_, [&] {
      return dataset_.make(dataset_.user, &input, features.data(),
                           labelled > 0 ? labels.data() : nullptr,
                           aimed > 0 ? targets.data() : nullptr);
    });
    ExampleBlock block{features.take(make_), labels.take(make_), targets.take(make_)};
    if (!all_finite(block.features.data(), block.features.size()))
      refuse_plugin(make_, "wrote features that are not finite, or left some out");
    if (!all_finite(block.targets.data(), block.targets.size()))
      refuse_plugin(make_, "wrote targets that are not finite, or left some out");
    block.labels.resize(count);
    if (const char* problem = problem_of_labels(size, block.labels)) refuse_plugin(make_, problem);
    return block;
  });
}

Examples make_part(const PluginDatasetCalls& calls, const DatasetInput& input,
                   const DatasetSize& size, std::int32_t part, std::size_t count) {
  std::vector<float> features(count * size.features), targets(size.classes > 0 ? 0 : count);
  std::vector<std::int32_t> labels(count);
  const std::size_t blocks = (count + kExamplesAtOnce - 1) / kExamplesAtOnce;
  input.executor.for_each(blocks, [&](std::size_t block) {
    const std::size_t begin = block * kExamplesAtOnce;
    const ExampleBlock made = calls.make(input.parameters, input.seed, size, part, begin,
                                         std::min(kExamplesAtOnce, count - begin));
    const std::size_t rows = std::min(kExamplesAtOnce, count - begin);
    BYZ_CHECK(made.features.size() == rows * size.features, "every example has all features");
    BYZ_CHECK(made.labels.size() == rows && made.targets.size() == (targets.empty() ? 0 : rows),
              "every example has a class or a target");
    const auto at = static_cast<std::ptrdiff_t>(begin);
    std::copy(made.features.begin(), made.features.end(),
              features.begin() + at * static_cast<std::ptrdiff_t>(size.features));
    std::copy(made.labels.begin(), made.labels.end(), labels.begin() + at);
    std::copy(made.targets.begin(), made.targets.end(),
              targets.begin() + (targets.empty() ? 0 : at));
  });
  return {std::move(features), std::move(labels), std::move(targets)};
}

}  // namespace

const char* problem_of_size(const DatasetSize& size) {
  const auto outside = [](std::size_t value, std::size_t low, std::size_t high) {
    return value < low || value > high;
  };
  if (outside(size.features, 1, kMostFeatures))
    return "named a number of features that is not in [1, 2^31]";
  if (outside(size.classes, 0, kMostClasses)) return "named more than 10^6 classes";
  if (outside(size.train, 1, kMostExamples) || outside(size.test, 1, kMostExamples))
    return "named a number of examples that is not in [1, 10^9]";
  const auto& [channels, height, width] = size.image;
  if (size.image == ImageShape{}) return nullptr;
  const bool whole = double(channels) * double(height) * double(width) == double(size.features);
  return whole ? nullptr : "named an image that does not have as many values as features";
}

const char* problem_of_labels(const DatasetSize& size, const std::vector<std::int32_t>& labels) {
  const auto most = static_cast<std::int64_t>(std::max<std::size_t>(size.classes, 1));
  const bool within = std::all_of(labels.begin(), labels.end(), [&](std::int32_t label) {
    return label >= 0 && std::int64_t{label} < most;
  });
  return within ? nullptr : "wrote a label that is not in [0, classes), or left some out";
}

PluginDatasetCalls plugin_dataset_calls(const byzsim_dataset& dataset,
                                        const Declaration& declaration, bool keeps_state) {
  const LibraryDataset called(dataset, declaration, keeps_state);
  return {.size = [called](const Parameters& parameters,
                           std::uint64_t seed) { return called.size(parameters, seed); },
          .make =
              [called](const Parameters& parameters, std::uint64_t seed, const DatasetSize& size,
                       std::int32_t part, std::size_t begin, std::size_t count) {
                return called.make(parameters, seed, size, part, begin, count);
              }};
}

DatasetEntry plugin_dataset(const PluginDatasetCalls& calls, const Declaration& declaration) {
  BYZ_CHECK(calls.size && calls.make, "a data set has a size and is made");
  const auto size = [calls](const DatasetInput& input) {
    return calls.size(input.parameters, input.seed);
  };
  return {
      .declaration = declaration, .size = size, .make = [calls, size](const DatasetInput& input) {
        const DatasetSize made = size(input);
        return Dataset{made.features, made.classes, make_part(calls, input, made, 0, made.train),
                       make_part(calls, input, made, 1, made.test), made.image};
      }};
}

}  // namespace byzsim
