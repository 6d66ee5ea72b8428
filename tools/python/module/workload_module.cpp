// Training that is Python's own: a model that is asked for gradients, and a data set whose examples
// are known by their numbers alone, so that shares, batches and flipped labels stay byzsim's.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adversaries/plugins/plugin_library.h"
#include "core/check.h"
#include "core/kernels/vector_kernels.h"
#include "core/models/model.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/python_call.h"
#include "tools/python/module/python_declaration.h"

namespace byzsim::python {
namespace {

using namespace py::literals;

// A float holds every number up to this one.
constexpr std::size_t kMostExamples = std::size_t{1} << 24;

std::string when_of(const std::optional<Asker>& asker) {
  if (!asker) return "in gradient";
  return fmt::format("in gradient of worker {} at step {}", asker->worker, asker->step);
}

// An object with `initial`, `gradient` and `evaluate`, whose arguments are passed by name.
class PythonModel final : public Model {
 public:
  PythonModel(const Callback& object, std::size_t dimension)
      : initial_(method(object, "initial")),
        gradient_(method(object, "gradient")),
        evaluate_(method(object, "evaluate")),
        dimension_(dimension) {}

  std::size_t dimension() const override { return dimension_; }
  void initialize(Stream stream, std::span<float> parameters) const override;
  double gradient(std::span<const float> parameters, const Batch<float>& batch,
                  std::span<float> gradient) const override;
  double gradient(std::span<const double>, const Batch<double>&, std::span<double>) const override {
    BYZ_CHECK(false, "no run computes a model of Python's in float64");
    return 0;
  }
  Evaluation evaluate(std::span<const float> parameters, const Examples& examples) const override;

 private:
  static Callback method(const Callback& object, const char* name) {
    const py::gil_scoped_acquire locked;
    return {Kept(object.function.get().attr(name)), object.place};
  }

  Callback initial_, gradient_, evaluate_;
  std::size_t dimension_;
};

void PythonModel::initialize(Stream stream, std::span<float> parameters) const {
  std::vector<float> made;
  call_python(
      initial_, "in initial", [&] { return py::dict("stream"_a = stream_to_python(stream)); },
      [&](const py::object& answer) {
        made = values_from<float>(answer, dimension_, initial_, "in initial");
      });
  if (!all_finite(made.data(), made.size()))
    refuse_answer(initial_, "in initial", "returned a parameter that is not finite");
  std::copy(made.begin(), made.end(), parameters.begin());
}

py::dict gradient_arguments(std::span<const float> parameters, const Batch<float>& batch) {
  BYZ_CHECK(batch.asker.has_value(), "in a run it is known who asks for a gradient");
  const Asker& asker = *batch.asker;
  py::array_t<std::int64_t> rows(static_cast<py::ssize_t>(batch.rows()));
  std::transform(batch.features.begin(), batch.features.end(), rows.mutable_data(),
                 [](float number) { return static_cast<std::int64_t>(number); });
  py::array_t<std::int64_t> labels(static_cast<py::ssize_t>(batch.rows()));
  std::copy(batch.labels.begin(), batch.labels.end(), labels.mutable_data());
  return py::dict("worker"_a = asker.worker, "step"_a = asker.step,
                  "parameters"_a = array_of_copies<float>(parameters), "rows"_a = rows,
                  "labels"_a = labels, "stream"_a = stream_to_python(asker.stream));
}

double PythonModel::gradient(std::span<const float> parameters, const Batch<float>& batch,
                             std::span<float> gradient) const {
  const std::string when = when_of(batch.asker);
  std::vector<float> made;
  // Any bits may be among them: a model that overflows has diverged, as byzsim's own would.
  call_python(
      gradient_, when, [&] { return gradient_arguments(parameters, batch); },
      [&](const py::object& answer) {
        made = values_from<float>(answer, dimension_, gradient_, when);
      });
  std::copy(made.begin(), made.end(), gradient.begin());
  return 0;  // no run asks for the loss of a batch
}

// A loss, or (loss, correct, total).
Evaluation evaluation_from(const py::object& answer, const Callback& callback) {
  try {
    if (!py::isinstance<py::tuple>(answer)) return {py::float_(answer).cast<double>(), 0, 0};
    const auto [loss, correct, total] =
        answer.cast<std::tuple<double, std::int64_t, std::int64_t>>();
    if (correct < 0 || correct > total)
      refuse_answer(callback, "in evaluate",
                    fmt::format("returned {} correct of {}", correct, total));
    return {loss, correct, total};
  } catch (const py::cast_error&) {
    refuse_answer(callback, "in evaluate",
                  "returned " + py::repr(answer).cast<std::string>().substr(0, 60) +
                      ", not a loss or (loss, correct, total)");
  }
}

Evaluation PythonModel::evaluate(std::span<const float> parameters, const Examples&) const {
  Evaluation evaluation;
  call_python(
      evaluate_, "in evaluate",
      [&] { return py::dict("parameters"_a = array_of_copies<float>(parameters)); },
      [&](const py::object& answer) { evaluation = evaluation_from(answer, evaluate_); });
  return evaluation;
}

void add_python_model(const py::dict& declared, std::int64_t dimension, const py::object& object) {
  if (dimension < 1 || dimension > (std::int64_t{1} << 40))
    refuse_argument("dimension", fmt::format("must be in [1, 2^40], not {}", dimension),
                    "give the number of parameters");
  const Declaration declaration = declaration_from(declared, models());
  const Callback callback{Kept(object), "model " + declaration.name};
  add_model(
      {.declaration = declaration, .make = [callback, dimension](const Parameters&, DataShape) {
         return std::make_unique<PythonModel>(callback, static_cast<std::size_t>(dimension));
       }});
  note_interpreted(*declaration.plugin);
}

using Labels = std::shared_ptr<const std::vector<std::int32_t>>;

Examples numbered_examples(const Labels& labels) {
  std::vector<float> numbers(labels->size());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
  return {std::move(numbers), *labels, {}};
}

void add_python_dataset(const py::dict& declared,
                        const py::array_t<std::int32_t, py::array::forcecast>& given,
                        std::int64_t classes) {
  const auto count = static_cast<std::size_t>(given.size());
  if (given.ndim() != 1 || count == 0 || count > kMostExamples)
    refuse_argument("labels", "must be one for each of 1 to 2^24 examples",
                    "give an array of whole numbers");
  const Labels labels =
      std::make_shared<const std::vector<std::int32_t>>(given.data(), given.data() + count);
  const auto within = [&](std::int32_t label) { return label >= 0 && label < classes; };
  if (classes < 1 || !std::all_of(labels->begin(), labels->end(), within))
    refuse_argument("labels", fmt::format("must be in [0, {})", classes),
                    "number the classes from 0");
  const Declaration declaration = declaration_from(declared, datasets());
  const DatasetSize size{1, static_cast<std::size_t>(classes), count, 1};
  const Labels one = std::make_shared<const std::vector<std::int32_t>>(1, 0);
  add_dataset({.declaration = declaration,
               .size = [size](const DatasetInput&) { return size; },
               .make =
                   [size, labels, one](const DatasetInput&) {
                     return Dataset{size.features, size.classes, numbered_examples(labels),
                                    numbered_examples(one)};
                   }});
  note_interpreted(*declaration.plugin);
}

}  // namespace

void define_workloads(py::module_& module) {
  module.def("add_model", &add_python_model, "declared"_a, "dimension"_a, "object"_a);
  module.def("add_dataset", &add_python_dataset, "declared"_a, "labels"_a, "classes"_a);
}

}  // namespace byzsim::python
