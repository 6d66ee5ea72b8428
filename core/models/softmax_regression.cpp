// Multinomial logistic regression: one dense layer. The loss is convex, so the start does not
// matter for where it ends; it is 0, where every class is equally likely and the loss is
// ln(classes).
#include "core/models/cross_entropy.h"
#include "core/models/network.h"

namespace byzsim::models_list {

ModelEntry softmax_regression() {
  return {
      .declaration = {.name = "softmax_regression",
                      .summary = "multinomial logistic regression, starting at 0",
                      .source = "Bishop, Pattern Recognition and Machine Learning (2006), 4.3.4",
                      .parameters = {initialisation(Initialisation::zeros)},
                      .aliases = {"logreg_mnist"},
                      .presets = {{"logreg_mnist", "initialisation", "torch"}}},
      .make =
          [](const Parameters& parameters, DataShape shape) {
            return make_network(dense_stages({shape.features, shape.classes}, Activation::none),
                                initialisation_of(parameters));
          },
      .problem = classes_missing};
}

}  // namespace byzsim::models_list
