// The products of dense layers against Eigen's at the sizes of the MLPs: both in one process, in
// turns, the median time of each. A ratio below 1 means that byzsim's is faster.
#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "core/exact/random.h"
#include "core/models/dense.h"

namespace byzsim::bench {
namespace {

constexpr std::size_t kTurns = 301;

template <class Real>
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class Real>
using Readable = Eigen::Map<const Matrix<Real>>;
template <class Real>
using Writable = Eigen::Map<Matrix<Real>>;

template <class Real>
std::vector<Real> random_values(std::size_t count, std::uint64_t identity) {
  Stream stream(7, Purpose::batch, identity, 0);
  std::vector<Real> values(count);
  for (Real& value : values) value = static_cast<Real>(stream.normal());
  return values;
}

/// A layer with a batch, and what is computed of it.
template <class Real>
struct Task {
  DenseLayer layer;
  std::size_t rows;
  std::vector<Real> parameters, input, output_gradient, output, gradient, input_gradient;

  Task(DenseLayer size, std::size_t batch)
      : layer(size),
        rows(batch),
        parameters(random_values<Real>(size.parameters(), 1)),
        input(random_values<Real>(batch * size.inputs, 2)),
        output_gradient(random_values<Real>(batch * size.outputs, 3)),
        output(batch * size.outputs),
        gradient(size.parameters()),
        input_gradient(batch * size.inputs) {}

  Readable<Real> readable(const std::vector<Real>& values, std::size_t m, std::size_t n) const {
    return {values.data(), Eigen::Index(m), Eigen::Index(n)};
  }
  Writable<Real> writable(std::vector<Real>& values, std::size_t m, std::size_t n) const {
    return {values.data(), Eigen::Index(m), Eigen::Index(n)};
  }
  Readable<Real> weights() const { return readable(parameters, layer.outputs, layer.inputs); }
};

template <class Real>
struct Contest {
  const char* name;
  void (*ours)(Task<Real>&);
  void (*eigen)(Task<Real>&);
};

template <class Real>
const Contest<Real> kContests[] = {
    {"forward",
     [](Task<Real>& t) {
       dense_forward(t.layer, t.parameters.data(), t.input.data(), t.rows, t.output.data());
     },
     [](Task<Real>& t) {
       auto output = t.writable(t.output, t.rows, t.layer.outputs);
       const Real* const bias = t.parameters.data() + t.layer.weights();
       output.rowwise() = Eigen::Map<const Eigen::Matrix<Real, 1, Eigen::Dynamic>>(
           bias, Eigen::Index(t.layer.outputs));
       output.noalias() += t.readable(t.input, t.rows, t.layer.inputs) * t.weights().transpose();
     }},
    {"gradient",
     [](Task<Real>& t) {
       dense_gradient(t.layer, t.input.data(), t.output_gradient.data(), t.rows, t.gradient.data());
     },
     [](Task<Real>& t) {
       const auto derivatives = t.readable(t.output_gradient, t.rows, t.layer.outputs);
       t.writable(t.gradient, t.layer.outputs, t.layer.inputs).noalias() =
           derivatives.transpose() * t.readable(t.input, t.rows, t.layer.inputs);
       Eigen::Map<Eigen::Matrix<Real, 1, Eigen::Dynamic>>(t.gradient.data() + t.layer.weights(),
                                                          Eigen::Index(t.layer.outputs)) =
           derivatives.colwise().sum();
     }},
    {"input gradient",
     [](Task<Real>& t) {
       dense_input_gradient(t.layer, t.parameters.data(), t.output_gradient.data(), t.rows,
                            t.input_gradient.data());
     },
     [](Task<Real>& t) {
       t.writable(t.input_gradient, t.rows, t.layer.inputs).noalias() =
           t.readable(t.output_gradient, t.rows, t.layer.outputs) * t.weights();
     }}};

double microseconds(const auto& body) {
  const auto begin = std::chrono::steady_clock::now();
  body();
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - begin;
  return spent.count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <class Real>
void compare(const char* type, DenseLayer layer, std::size_t rows) {
  Task<Real> task(layer, rows);
  for (const Contest<Real>& contest : kContests<Real>) {
    std::vector<double> ours, eigen, ratios;
    for (std::size_t turn = 0; turn < kTurns; ++turn) {
      ours.push_back(microseconds([&] { contest.ours(task); }));
      eigen.push_back(microseconds([&] { contest.eigen(task); }));
      ratios.push_back(ours.back() / eigen.back());
    }
    const double work = 2e-3 * static_cast<double>(layer.weights() * rows);
    fmt::print(
        "{:<7} {:>4} x {:>3}, batch {:>3}  {:<14} {:>8.1f} us {:>6.1f} GFLOP/s  Eigen "
        "{:>8.1f} us  ratio {:.2f}\n",
        type, layer.inputs, layer.outputs, rows, contest.name, median(ours), work / median(ours),
        median(eigen), median(ratios));
  }
}

}  // namespace
}  // namespace byzsim::bench

int main() {
  using namespace byzsim;
  for (const std::size_t rows : {32, 128}) {
    for (const DenseLayer layer : {DenseLayer{784, 100}, DenseLayer{100, 10}}) {
      bench::compare<float>("float", layer, rows);
      bench::compare<double>("double", layer, rows);
    }
  }
  for (const DenseLayer layer : {DenseLayer{784, 30}, DenseLayer{30, 10}, DenseLayer{784, 10}}) {
    bench::compare<float>("float", layer, 32);
    bench::compare<double>("double", layer, 32);
  }
}
