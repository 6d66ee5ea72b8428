#include "tools/eval/eval_schema.h"

#include <fmt/format.h>

#include <vector>

#include "adversaries/attacks/attack.h"
#include "core/compressors/compressor.h"
#include "core/input/parameter_reader.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rules/rule.h"
#include "tools/input/json_schema.h"

namespace byzsim {
namespace {

// The limit of eval_command.cpp, here for editors.
constexpr double kMostF = 1e6;

struct EvalKey {
  const char* name;
  const char* summary;
};

const std::vector<EvalKey>& eval_keys() {
  static const std::vector<EvalKey> keys = {
      {"aggregate", "rule to apply: a name, or {\"name\", \"parameters\"}"},
      {"pre", "pre-aggregators before it, one or a list; alone, their vectors are the answer"},
      {"attack",
       "attack to apply instead; \"aggregate\" and \"pre\" are then its victim's defence"},
      {"compress", "compressor to apply instead; vector i is the message of node i"},
      {"f", "number of vectors assumed to be Byzantine; of an attack, that join the honest ones"},
      {"vectors", "vectors to aggregate or compress, or the honest ones an attack sees"},
      {"own",
       "index of the receiver's own vector; with an attack: its own one [default: the first]"},
      {"weights", "gossip weight of each vector, the own one's among them [default: all equal]"},
      {"reference", "the receiver's own gradient, for rules that compare with it"},
      {"seed", "of random draws [default: 1]"},
      {"precision", "float32 or float64 [default: float32]"}};
  return keys;
}

Json summarized(Json schema, const EvalKey& key) {
  schema["description"] = key.summary;
  return schema;
}

Json schema_of_key(const std::string& name) {
  const Json number = {{"anyOf", {{{"type", "number"}}, {{"enum", {"nan", "inf", "-inf"}}}}}};
  const Json vector = {{"type", "array"}, {"items", number}, {"minItems", 1}};
  if (name == "aggregate") return schema_of_choice(rules().declarations());
  if (name == "pre") return schema_of_choices(pre_aggregators().declarations());
  if (name == "attack") return schema_of_choice(attacks().declarations());
  if (name == "compress") return schema_of_choice(compressors().declarations());
  if (name == "f") return {{"type", "integer"}, {"minimum", 0}, {"maximum", kMostF}};
  if (name == "vectors") return {{"type", "array"}, {"items", vector}, {"minItems", 1}};
  if (name == "reference") return vector;
  if (name == "own")
    return {
        {"anyOf", {{{"type", "integer"}, {"minimum", 0}, {"maximum", kMostVectors - 1}}, vector}}};
  if (name == "weights")
    return {{"type", "array"}, {"items", {{"type", "number"}, {"minimum", 0}}}, {"minItems", 1}};
  if (name == "seed") return {{"type", "integer"}, {"minimum", 0}, {"maximum", kLargestInteger}};
  return {{"enum", {"float32", "float64"}}};
}

}  // namespace

Json eval_schema() {
  Json properties = Json::object();
  for (const EvalKey& key : eval_keys())
    properties[key.name] = summarized(schema_of_key(key.name), key);
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "byzsim eval"}};
  schema.update(object_schema(properties, {"vectors"}, "A line in"));
  // A line asks for at least one of the four; compressing assumes no Byzantine vectors.
  schema["anyOf"] = {{{"required", {"compress"}}}};
  for (const char* asked : {"aggregate", "pre", "attack"})
    schema["anyOf"].push_back({{"required", {asked, "f"}}});
  return schema;
}

std::string eval_keys_help() {
  std::string text = "Keys of a line (byzsim schema eval has their types):\n";
  for (const EvalKey& key : eval_keys())
    text += fmt::format("  {:<10} {}\n", key.name, key.summary);
  return text +
         "The answer is {\"vector\": [...]}, {\"vectors\": [...]} or {\"error\": \"...\"}; "
         "compressed\nvectors have \"bytes\", those of each message; beside a\n"
         "vector, \"clipped\" or \"removed\" counts the vectors that the rule clipped or gave no "
         "weight. The exit\n"
         "code is 2 once a line had an error. Numbers that are not finite are \"nan\", \"inf\" "
         "and\n"
         "\"-inf\"; the NaN, Infinity and -Infinity that Python writes are read, too.\n\n";
}

}  // namespace byzsim
