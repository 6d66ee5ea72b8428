#include "sim/nodes/zeno_filter.h"

#include <cmath>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/input/archive.h"
#include "core/kernels/vector_kernels.h"
#include "core/rates/rate.h"

namespace byzsim {

ZenoFilter::ZenoFilter(const Parameters& parameters)
    : rho_(parameters.real("rho")),
      epsilon_(parameters.real("epsilon")),
      refresh_(parameters.integer("refresh")) {}

std::optional<Payload> ZenoFilter::passed(const SharedWorkload& workload, std::int64_t step,
                                          const Payload& model, const Payload& gradient) {
  BYZ_CHECK(gradient.dimension() == model.dimension(), "a gradient has its model's dimension");
  if (!gradient.has_values()) return gradient;
  if (!own_ || step >= made_at_ + refresh_) {
    own_ = Payload(workload->root_gradient(0, step, model.values()));
    made_at_ = step;
  }
  const double length = norm(own_.values()), size = norm(gradient.values());
  if (!std::isfinite(length) || !std::isfinite(size)) return std::nullopt;
  // A gradient of zero stays one.
  const double factor = size > 0 ? length / size : 0;
  std::vector<float> scaled = gradient.values();
  for (float& value : scaled) value = static_cast<float>(factor * double(value));
  const std::vector<float> zero(scaled.size());
  const double along = product_with_difference(own_.values(), zero, scaled);
  const double gamma = learning_rate(workload->scenario().rate, step);
  const double after = norm(scaled);
  // False for NaN.
  if (!(gamma * along - rho_ * after * after + gamma * epsilon_ >= 0)) return std::nullopt;
  return Payload(std::move(scaled));
}

void ZenoFilter::walk(Archive& archive) {
  archive.all(*this, unchanged(rho_), unchanged(epsilon_), unchanged(refresh_), made_at_, own_);
}

}  // namespace byzsim
