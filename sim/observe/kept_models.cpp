#include "sim/observe/kept_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/check.h"
#include "core/datasets/npy_file.h"
#include "core/exact/digest.h"
#include "core/input/archive.h"

namespace byzsim {
namespace {

constexpr std::size_t kStepDigits = 6;

std::string model_file(const Scenario& scenario, std::uint32_t server) {
  return fmt::format("{}-{}.npy", scenario.one_role ? "node" : "server", server);
}

// Takes the text, and reports whether it stood in front.
bool take_text(std::string_view& rest, std::string_view text) {
  if (!rest.starts_with(text)) return false;
  rest.remove_prefix(text.size());
  return true;
}

bool take_digits(std::string_view& rest) {
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  rest.remove_prefix(digits);
  return digits > 0;
}

}  // namespace

std::string final_model_file(const Scenario& scenario, std::uint32_t server) {
  return "models/" + model_file(scenario, server);
}

std::string model_file_on_the_way(const Scenario& scenario, std::uint32_t server,
                                  std::int64_t step) {
  const std::size_t digits = std::max(kStepDigits, std::to_string(scenario.steps).size());
  return fmt::format("models/step-{:0{}}/{}", step, digits, model_file(scenario, server));
}

bool names_kept_model(const std::string& file) {
  std::string_view rest = file;
  if (!take_text(rest, "models/")) return false;
  if (take_text(rest, "step-") && !(take_digits(rest) && take_text(rest, "/"))) return false;
  const bool of_server = take_text(rest, "server-") || take_text(rest, "node-");
  return of_server && take_digits(rest) && rest == ".npy";
}

bool is_kept_on_the_way(const Scenario& scenario, std::int64_t step) {
  const std::optional<std::int64_t> every = scenario.keeps_models_every();
  // The model of step 0 is drawn, or is a file that there is already.
  return every && step > 0 && step % *every == 0;
}

KeptModel kept_model(const std::string& file, std::uint32_t server, std::int64_t step,
                     const std::string& bytes) {
  return {file, server, step, to_hex(digest_of(std::string_view(bytes))), bytes.size()};
}

KeptModels::KeptModels(std::shared_ptr<const Scenario> scenario) : scenario_(std::move(scenario)) {
  BYZ_CHECK(scenario_ != nullptr, "models are kept of a scenario");
}

void KeptModels::adopt(std::uint32_t server, const Adopt& adopt) {
  if (!scenario_->keeps_models()) return;
  latest_[server] = adopt;
  if (is_kept_on_the_way(*scenario_, adopt.step))
    on_the_way_.push_back(kept_model(model_file_on_the_way(*scenario_, server, adopt.step), server,
                                     adopt.step, npy_of(adopt.model.values())));
}

void KeptModels::walk(Archive& archive) {
  archive.all(*this, unchanged(scenario_), on_the_way_, latest_);
}

}  // namespace byzsim
