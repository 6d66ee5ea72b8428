// The models that a scenario keeps (/keep), as files of NumPy's format. A value, which follows
// copies of a simulation: it holds the models of the end and the digests of those on the way; the
// command that makes the run writes the files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/observe/server_models.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

class Archive;

/// A file that holds the model of an honest server at the beginning of a step.
struct KeptModel {
  static constexpr std::size_t kFields = 5;  // of an archive
  std::string file;                          ///< within the directory of the result
  std::uint32_t server = 0;
  std::int64_t step = 0;
  std::string digest;  ///< of the file's bytes, 16 hex digits
  std::uint64_t bytes = 0;
  friend bool operator==(const KeptModel&, const KeptModel&) = default;
};

/// "models/server-0.npy", and of a step on the way "models/step-000100/server-0.npy", with more
/// digits where a run has more steps; "node-0.npy" where nodes are servers and workers at once.
std::string final_model_file(const Scenario& scenario, std::uint32_t server);
std::string model_file_on_the_way(const Scenario& scenario, std::uint32_t server,
                                  std::int64_t step);
/// Whether a path within a result's directory is one of these.
bool names_kept_model(const std::string& file);

/// Whether the models of that step are kept on the way: of every multiple of /keep's `every` but 0.
bool is_kept_on_the_way(const Scenario& scenario, std::int64_t step);

/// A model as such a file, with the digest of its `bytes`.
KeptModel kept_model(const std::string& file, std::uint32_t server, std::int64_t step,
                     const std::string& bytes);

/// What is kept of one run, so far. Empty where the scenario keeps no models.
class KeptModels {
 public:
  explicit KeptModels(std::shared_ptr<const Scenario> scenario);
  /// An honest server begins a step with this model, which is computed.
  void adopt(std::uint32_t server, const Adopt& adopt);
  /// Forgets those so far, which another run keeps.
  void forget_on_the_way() { on_the_way_.clear(); }
  /// In the order in which servers began their steps.
  const std::vector<KeptModel>& on_the_way() const { return on_the_way_; }
  /// Of every honest server.
  const ServerModels& latest() const { return latest_; }
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  std::shared_ptr<const Scenario> scenario_;
  std::vector<KeptModel> on_the_way_;
  ServerModels latest_;
};

}  // namespace byzsim
