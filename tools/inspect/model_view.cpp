#include "tools/inspect/model_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/exact/digest.h"
#include "core/input/issue.h"
#include "sim/observe/spread.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostInMatrix = 16;
constexpr std::size_t kCoordinatesOfAll = 8;

bool have_values(const std::vector<ModelView>& models) {
  return !models.empty() && std::all_of(models.begin(), models.end(), [](const ModelView& model) {
    return model.adopted.model.has_values();
  });
}

std::vector<Payload> honest_models(const std::vector<ModelView>& models) {
  std::vector<Payload> honest;
  for (const ModelView& model : models)
    if (!model.byzantine) honest.push_back(model.adopted.model);
  return honest;
}

double distance_between(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = double(a[i]) - double(b[i]);
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

std::vector<double> distances_to_honest_mean(const std::vector<ModelView>& models) {
  const std::vector<float> mean = mean_of(honest_models(models));
  std::vector<double> distances;
  for (const ModelView& model : models)
    distances.push_back(distance_between(model.adopted.model.values(), mean));
  return distances;
}

std::string short_name(const ModelView& model) {
  return std::to_string(model.server.index) + (model.byzantine ? "*" : "");
}

std::string matrix_text(const std::vector<ModelView>& models) {
  std::string text = "between  ";
  for (const ModelView& model : models) text += fmt::format("{:>11}", short_name(model));
  text += "\n";
  for (const ModelView& row : models) {
    text += fmt::format("{:9}", short_name(row));
    for (const ModelView& column : models)
      text += fmt::format(
          "{:11.4g}", distance_between(row.adopted.model.values(), column.adopted.model.values()));
    text += "\n";
  }
  return text;
}

}  // namespace

Json finite_json(double value) { return std::isfinite(value) ? Json(value) : Json(); }

std::vector<ModelView> models_of(const Scenario& scenario, const AllNotes& notes) {
  std::vector<ModelView> models;
  for (std::uint32_t i = 0; i < scenario.servers.count; ++i) {
    const NodeId server{Role::server, i};
    const std::optional<Adopt>& adopted = notes.of(server).adopted;
    if (adopted)
      models.push_back({server, scenario.is_byzantine(server), *adopted, scenario.one_role});
  }
  return models;
}

double norm_of(const Payload& vector) {
  double sum = 0;
  for (const float value : vector.values()) sum += double(value) * double(value);
  return std::sqrt(sum);
}

std::optional<double> largest_distance(const std::vector<ModelView>& models) {
  const std::vector<Payload> honest = honest_models(models);
  if (!have_values(models) || honest.size() < 2) return std::nullopt;
  return spread_of(honest).diameter;
}

std::string distances_text(const std::vector<ModelView>& models) {
  if (!have_values(models)) return "there is no model with numbers\n";
  if (honest_models(models).empty()) return "no honest node holds a model yet\n";
  const std::string holder = models[0].one_role ? "node" : "server";
  std::string text = models.size() <= kMostInMatrix ? matrix_text(models) : "";
  const std::vector<double> from_mean = distances_to_honest_mean(models);
  text += fmt::format("from the mean of honest {}s\n", holder);
  bool byzantine = false;
  for (std::size_t i = 0; i < models.size(); ++i) {
    text += fmt::format("{:9}{:11.4g}  model of step {}\n", short_name(models[i]), from_mean[i],
                        models[i].adopted.step);
    byzantine = byzantine || models[i].byzantine;
  }
  if (const auto largest = largest_distance(models))
    text += fmt::format("largest between two honest {}s: {:.6g}\n", holder, *largest);
  return text + (byzantine ? fmt::format("* Byzantine: what an honest {} in its place would hold\n",
                                         holder)
                           : "");
}

Json distances_json(const std::vector<ModelView>& models) {
  if (!have_values(models) || honest_models(models).empty()) return nullptr;
  const auto largest = largest_distance(models);
  Json json = {{"largest", largest ? finite_json(*largest) : Json()},
               {"from_mean", Json::object()}};
  const std::vector<double> from_mean = distances_to_honest_mean(models);
  for (std::size_t i = 0; i < models.size(); ++i)
    json["from_mean"][models[i].name()] = finite_json(from_mean[i]);
  if (models.size() > kMostInMatrix) return json;
  json["between"] = Json::array();
  for (const ModelView& row : models) {
    Json line = Json::array();
    for (const ModelView& column : models)
      line.push_back(
          finite_json(distance_between(row.adopted.model.values(), column.adopted.model.values())));
    json["between"].push_back(line);
  }
  return json;
}

std::string model_text(const ModelView& model, const std::optional<Coordinates>& wanted) {
  const Payload& vector = model.adopted.model;
  const std::string name = model.name();
  if (!vector.has_values())
    throw InputError(
        {name, "its model has no numbers, as the run has none", "set /numbers to real to train"});
  const std::size_t dimension = vector.dimension();
  if (wanted && wanted->last >= dimension)
    throw InputError(
        {name,
         fmt::format("its model has coordinates 0 to {}, not {}", dimension - 1, wanted->last),
         "choose among them"});
  std::string text =
      fmt::format("{}: model of step {}, dimension {}, norm {:.9g}, digest {}\n", name,
                  model.adopted.step, dimension, norm_of(vector), to_hex(vector.digest()));
  const Coordinates shown =
      wanted.value_or(Coordinates{0, std::min(dimension, kCoordinatesOfAll) - 1});
  for (std::size_t i = shown.first; i <= shown.last; ++i)
    text += fmt::format("  {}  {}\n", i, vector.values()[i]);
  if (!wanted && dimension > kCoordinatesOfAll) text += "  ...\n";
  return text;
}

Json to_json(const ModelView& model) {
  const Payload& vector = model.adopted.model;
  Json json = {{model.one_role ? "node" : "server", model.name()},
               {"byzantine", model.byzantine},
               {"step", model.adopted.step},
               {"dimension", vector.dimension()}};
  if (!vector.has_values()) return json;
  json["norm"] = finite_json(norm_of(vector));
  json["digest"] = to_hex(vector.digest());
  return json;
}

}  // namespace byzsim
