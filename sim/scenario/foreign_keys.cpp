// By the whole pointer, as one word means different things in different objects.

#include "sim/scenario/foreign_keys.h"

#include <map>

namespace byzsim {

std::string place_of_foreign_key(const std::string& pointer) {
  static const std::map<std::string, std::string> places = {
      {"/aggregator", "/workers/aggregator"},
      {"/attack", "/adversary/workers"},
      {"/adversary/attack", "/adversary/workers"},
      {"/batch_size", "/workers/batch_size"},
      {"/dataset", "/data"},
      {"/epochs", "/steps"},
      {"/rounds", "/steps"},
      {"/f", "/workers/byzantine"},
      {"/n", "/workers/count"},
      {"/workers/f", "/workers/byzantine"},
      {"/workers/n", "/workers/count"},
      // Known ones elsewhere: the protocol is on a graph, or is not.
      {"/servers", "/nodes"},
      {"/workers", "/nodes"},
      {"/adversary/servers", "/adversary/nodes"},
      {"/nodes", "/servers and /workers, or a protocol on a graph such as gossip"},
      {"/topology", "a protocol on a graph such as gossip"},
      {"/adversary/nodes", "/adversary/servers and /adversary/workers"},
      {"/topology_changes", "a protocol on a graph such as gossip"},
      {"/nodes/gradient_aggregator", "/nodes/gradients/aggregator"},
      {"/nodes/f", "/nodes/byzantine"},
      {"/nodes/n", "/nodes/count"},
      {"/servers/f", "/servers/byzantine"},
      {"/servers/n", "/servers/count"},
      {"/lr", "/optimizer/rate"},
      {"/learning_rate", "/optimizer/rate"},
      {"/optimizer/lr", "/optimizer/rate"},
      {"/optimizer/learning_rate", "/optimizer/rate"},
      {"/momentum", "/optimizer/momentum"}};
  const auto it = places.find(pointer);
  return it == places.end() ? "" : it->second;
}

}  // namespace byzsim
