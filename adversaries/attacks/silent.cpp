#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {

Attack silent() {
  return {
      {"silent", "sends nothing, as a crashed node", "byzsim's own", {}}, false, nullptr, nullptr};
}

}  // namespace byzsim::attacks_list
