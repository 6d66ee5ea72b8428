#include "sim/world/node_set.h"

#include "tests/catch.h"

namespace byzsim::node_set_test {
namespace {

/// The servers 0 to 9, then the workers 0 to 9: "x" for those in the set, "." for the others.
std::string members_of(const char* text) {
  const auto set = parse_node_set(text);
  if (!set) return "malformed";
  std::string members;
  for (const Role role : {Role::server, Role::worker}) {
    if (role == Role::worker) members += ' ';
    for (std::uint32_t i = 0; i < 10; ++i) members += set->contains({role, i}) ? 'x' : '.';
  }
  return members;
}

}  // namespace

TEST_CASE("a set of nodes is all, none, a role, a node or a range") {
  CHECK(members_of("all") == "xxxxxxxxxx xxxxxxxxxx");
  CHECK(members_of("none") == ".......... ..........");
  CHECK(members_of("servers") == "xxxxxxxxxx ..........");
  CHECK(members_of("workers") == ".......... xxxxxxxxxx");
  CHECK(members_of("server 3") == "...x...... ..........");
  CHECK(members_of("worker 0") == ".......... x.........");
  CHECK(members_of("servers 2-4") == "..xxx..... ..........");
  CHECK(members_of("workers 7-7") == ".......... .......x..");
  CHECK(members_of("workers 5-1000000") == ".......... .....xxxxx");
}

TEST_CASE("nodes of a graph have the role server") {
  CHECK(members_of("nodes") == "xxxxxxxxxx ..........");
  CHECK(members_of("node 3") == "...x...... ..........");
  CHECK(members_of("nodes 2-4") == "..xxx..... ..........");
}

TEST_CASE("what names no nodes is malformed") {
  for (const char* text : {"",
                           " ",
                           "everyone",
                           "All",
                           "server",
                           "worker",
                           "server ",
                           "servers ",
                           "servers 3",
                           "server 3-4",
                           "workers 4-3",
                           "workers 3-",
                           "workers -3",
                           "workers 3-4-5",
                           "worker -1",
                           "worker +1",
                           "worker 1.5",
                           "worker x",
                           "worker 3 ",
                           " worker 3",
                           "worker  3",
                           "worker3",
                           "workers 1 - 2",
                           "workers 1,2",
                           "worker 1000001",
                           "workers 0-99999999999999999999",
                           "workersx",
                           "all nodes"}) {
    CAPTURE(text);
    CHECK(members_of(text) == "malformed");
  }
}

}  // namespace byzsim::node_set_test
