// The models that servers hold at a moment: norms, digests, coordinates, distances.
//
// A server's model is the one that it adopted last; of a Byzantine server, what an honest one in
// its place would hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "sim/scenario/node_name.h"
#include "tools/inspect/history.h"

namespace byzsim {

struct ModelView {
  NodeId server;
  bool byzantine;
  Adopt adopted;
  bool one_role = false;  ///< nodes are called nodes

  std::string name() const { return name_of_node(one_role, server); }
};

/// Of every server that has adopted one.
std::vector<ModelView> models_of(const Scenario& scenario, const AllNotes& notes);
inline std::vector<ModelView> models_of(const Moment& moment) {
  return models_of(moment.simulation.workload().scenario(), moment.notes);
}

/// The Euclidean norm, summed in double in the order of coordinates.
double norm_of(const Payload& vector);
/// The largest distance between two honest servers; nothing without two, or in a run without
/// numbers.
std::optional<double> largest_distance(const std::vector<ModelView>& models);

/// How far each server is from every other, up to 16 of them, and from the mean of honest ones.
std::string distances_text(const std::vector<ModelView>& models);
Json distances_json(const std::vector<ModelView>& models);

/// The coordinates from `first` to `last`, both included.
struct Coordinates {
  std::size_t first, last;
};
/// Throws InputError for coordinates that the model lacks, and for a run without numbers.
std::string model_text(const ModelView& model, const std::optional<Coordinates>& wanted);
Json to_json(const ModelView& model);

/// null where it is not finite.
Json finite_json(double value);

}  // namespace byzsim
