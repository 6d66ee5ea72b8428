// Compressed messages of workers, and the algorithms that make up for what compression loses. Bytes
// are counted by hand; what receivers read is compared with the compressor itself.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/compressors/compressor.h"
#include "core/worker_algorithms/worker_algorithm.h"
#include "sim/world/draw_names.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::compression_test {
namespace {

Json compressor(const std::string& name, const Json& parameters) {
  return {{"name", name}, {"parameters", parameters}};
}

Json compressed_sgd(const std::string& name, const Json& parameters) {
  return with(small_sgd(), "/workers/compressor", compressor(name, parameters));
}

std::vector<Posted> gradients_of(World& world) {
  std::vector<Posted> posted;
  for (const Occurrence& each : run_to_end(world.simulation))
    for (const Deed& deed : each.deeds)
      if (const auto* found = std::get_if<Posted>(&deed))
        if (found->message->phase == Phase::gradient) posted.push_back(*found);
  return posted;
}

std::size_t nonzero(const std::vector<float>& vector) {
  return vector.size() - static_cast<std::size_t>(std::count(vector.begin(), vector.end(), 0.0f));
}

/// Workers that pull a point of six dimensions to places of their own: 60 examples of three blobs,
/// sorted by class. The mean of their shares is the mean of all, as shares are equal.
Json bowl(std::int64_t workers, std::int64_t byzantine, std::int64_t steps) {
  Json json = small_sgd();
  json["steps"] = steps;
  json["model"] = {{"name", "quadratic"}, {"parameters", {{"start", 5}}}};
  json["partition"] = "extreme_niid";
  json["workers"] = {{"count", workers},
                     {"byzantine", byzantine},
                     {"aggregator", "average"},
                     {"batch_size", 4},
                     {"compressor", compressor("top_k", {{"k", 1}})}};
  json["optimizer"]["rate"] = {{"name", "constant"}, {"parameters", {{"initial", 0.05}}}};
  return json;
}

/// The distance of the server's model from the least loss, at the beginning of each step.
std::vector<double> errors_of(const Json& json) {
  World world(json);
  const Dataset& data = world.workload->dataset();
  const std::size_t d = data.features, rows = data.train.count();
  std::vector<double> mean(d);
  const std::vector<float>& features = data.train.features.values();
  for (std::size_t i = 0; i < rows * d; ++i) mean[i % d] += double(features[i]) / double(rows);
  std::vector<double> errors;
  for (const Occurrence& each : run_to_end(world.simulation))
    for (const Deed& deed : each.deeds)
      if (const auto* adopted = std::get_if<Adopted>(&deed)) {
        double square = 0;
        for (std::size_t j = 0; j < d; ++j)
          square += std::pow(double(adopted->adopt.model.values()[j]) - mean[j], 2);
        errors.push_back(std::sqrt(square));
      }
  return errors;
}

std::vector<float> first_gradient(const World& world, NodeId worker) {
  return world.workload->gradient(worker.index, 0, world.workload->initial_model(0).values());
}

/// What receivers read of a vector that a worker sends in step 0.
std::vector<float> compressed_at_first(const World& world, NodeId worker,
                                       const std::vector<float>& vector) {
  const Choice& choice = world.scenario.compressor;
  const Executor executor(1);
  std::vector<float> read(vector.size());
  compress(choice, std::span<const float>(vector),
           compression_stream(choice, world.scenario.seed, worker.index,
                              draw_counter({0, Phase::gradient, 0})),
           executor, read.data());
  return read;
}

Json algorithm(const std::string& name, const Json& parameters) {
  return {{"name", name}, {"parameters", parameters}};
}

}  // namespace

TEST_CASE("a compressor that keeps every coordinate changes nothing") {
  for (Json json :
       {small_sgd(), small_attacked_byzsgd(), with(small_sgd(), "/protocol", "async_sgd"),
        with(small_sgd(), "/protocol", "fedavg")}) {
    CAPTURE(json["protocol"].dump());
    const std::string plain = digest_of_run(json).run_hex();
    json["workers"]["compressor"] = compressor("random_k", {{"k", 1000}});
    CHECK(digest_of_run(json).run_hex() == plain);
    json["workers"]["compressor"] = compressor("top_k", {{"share", 1}});
    CHECK(digest_of_run(json).run_hex() == plain);
    json["workers"]["compressor"] = compressor("random_k", {{"k", 2}});
    CHECK(digest_of_run(json).run_hex() != plain);
  }
}

TEST_CASE("compressed messages have the bytes of their compressor and a header") {
  const auto bytes = [](const Json& json) {
    World world(json);
    run_to_end(world.simulation);
    return world.simulation.totals().bytes_by_phase[static_cast<std::size_t>(Phase::gradient)];
  };
  // 4 workers, 6 steps, d = 21.
  CHECK(bytes(small_sgd()) == 4 * 6 * (16 + 4 * 21));
  CHECK(bytes(compressed_sgd("top_k", {{"k", 5}})) == 4 * 6 * (16 + 8 * 5));
  CHECK(bytes(compressed_sgd("random_k", {{"k", 5}, {"coins", "shared"}})) ==
        4 * 6 * (16 + 4 * 5 + 8));
  CHECK(bytes(compressed_sgd("sign", Json::object())) == 4 * 6 * (16 + 4 + 3));
  Json without_numbers = compressed_sgd("top_k", {{"k", 5}});
  without_numbers["numbers"] = "none";
  without_numbers["dimension"] = 1000;
  CHECK(bytes(without_numbers) == 4 * 6 * (16 + 8 * 5));
}

TEST_CASE("a smaller message takes less time on a card of limited bandwidth") {
  const auto end = [](Json json) {
    json["network"]["server_bandwidth"] = "1 Mbit/s";
    World world(steady(json));
    run_to_end(world.simulation);
    return world.simulation.now();
  };
  CHECK(end(compressed_sgd("top_k", {{"k", 1}})) < end(small_sgd()));
}

TEST_CASE("receivers read what the compressor makes of the gradient, by the draws of its sender") {
  World world(compressed_sgd("random_k", {{"k", 5}}));
  const std::vector<Posted> posted = gradients_of(world);
  REQUIRE(posted.size() == 4 * 6);
  for (std::size_t i = 0; i < 4; ++i) {
    const Message& message = *posted[i].message;
    REQUIRE(message.step == 0);
    CHECK(message.vector.values() ==
          compressed_at_first(world, message.sender, first_gradient(world, message.sender)));
  }
}

TEST_CASE("what an attack makes passes through the compressor, too") {
  Json json = compressed_sgd("top_k", {{"k", 5}});
  json["workers"]["byzantine"] = 1;
  json["workers"]["aggregator"] = "median";
  json["adversary"] = {{"workers", "gaussian"}};
  World world(json);
  std::size_t forged = 0;
  for (const Posted& each : gradients_of(world)) {
    if (!world.scenario.is_byzantine(each.message->sender)) continue;
    ++forged;
    CHECK(nonzero(each.message->vector.values()) == 5);
    CHECK(wire_bytes(*each.message) == 16 + 8 * 5);
  }
  CHECK(forged == 6);
}

TEST_CASE("a Byzantine worker that negates its gradient compresses the negated one, once") {
  Json json = compressed_sgd("random_k", {{"k", 5}});
  json["workers"]["byzantine"] = 1;
  json["workers"]["aggregator"] = "median";
  json["adversary"] = {{"workers", {{"name", "sign_flipping"}, {"parameters", {{"of", "own"}}}}}};
  World world(json);
  for (const Posted& each : gradients_of(world)) {
    const Message& message = *each.message;
    if (!world.scenario.is_byzantine(message.sender) || message.step > 0) continue;
    std::vector<float> negated = first_gradient(world, message.sender);
    for (float& value : negated) value = -value;
    CHECK(message.vector.values() == compressed_at_first(world, message.sender, negated));
  }
}

TEST_CASE("compressors and algorithms are refused where messages are not read so") {
  Json consensus = with(small_byzsgd(), "/protocol", "consensus_sgd");
  consensus["workers"]["compressor"] = "sign";
  CHECK(refusal_of(consensus).find("/workers/compressor: what workers of consensus_sgd send") !=
        std::string::npos);
  Json models =
      with(small_sgd(), "/protocol", {{"name", "fedavg"}, {"parameters", {{"sends", "models"}}}});
  models["workers"]["compressor"] = "sign";
  CHECK(refusal_of(models).find("/workers/compressor: a client that sends its model") !=
        std::string::npos);
  CHECK(refusal_of(with(small_byzsgd(), "/workers/algorithm", "ef21"))
            .find("/workers/algorithm: ef21 needs one trusted server") != std::string::npos);
  CHECK(refusal_of(with(consensus, "/workers/algorithm", "storm"))
            .find("/workers/algorithm: workers of consensus_sgd send what they trained") !=
        std::string::npos);
  Json blank = with(small_sgd(), "/workers/algorithm", "ef21");
  blank["numbers"] = "none";
  blank["dimension"] = 100;
  CHECK(refusal_of(blank).find("/workers/algorithm/parameters/gradients: without numbers") !=
        std::string::npos);
  const Json mirrored = with(small_sgd(), "/workers/algorithm", "marina");
  CHECK(refusal_of(with(mirrored, "/workers/quorum", 3)).find("/workers/quorum: by marina") !=
        std::string::npos);
  CHECK(
      refusal_of(with(mirrored, "/workers/local_steps", 2)).find("/workers/local_steps: marina") !=
      std::string::npos);
  CHECK(refusal_of(with(mirrored, "/optimizer/momentum", 0.9))
            .find("/optimizer/momentum_at: marina sends no momentum") != std::string::npos);
}

TEST_CASE("ef21 without a compressor is sgd but for rounding") {
  Json json = with(small_sgd(), "/workers/algorithm", algorithm("ef21", {{"gradients", "batch"}}));
  World ef21(json), plain(small_sgd());
  run_to_end(ef21.simulation);
  run_to_end(plain.simulation);
  // Sums of float32 of size 1, 6 of them: 6 * 2^-24 is 4e-7.
  CHECK(std::abs(*ef21.simulation.metrics().back().loss - *plain.simulation.metrics().back().loss) <
        1e-5);
}

TEST_CASE("ef21 and marina reach the least loss linearly, which plain top-k does not") {
  Json json = bowl(3, 0, 400);
  const std::vector<double> plain = errors_of(json);
  for (const auto& [name, parameters] :
       {std::pair<std::string, Json>{"ef21", Json::object()}, {"marina", {{"p", 0.2}}}}) {
    CAPTURE(name);
    json["workers"]["algorithm"] = algorithm(name, parameters);
    if (name == "marina") json["workers"]["compressor"] = compressor("random_k", {{"k", 3}});
    const std::vector<double> errors = errors_of(json);
    // Until float32 is exhausted; the rate is 0.05 and 0.95^50 is 0.077.
    for (std::size_t step = 0; step + 50 <= 200; step += 50) {
      CAPTURE(step, errors[step], errors[step + 50]);
      CHECK(errors[step + 50] < 0.5 * errors[step]);
    }
    CHECK(errors.back() < 1e-3);
    CHECK(plain.back() > 100 * errors.back());
  }
}

TEST_CASE("with Byzantine workers ef21 and marina hold where plain top-k does not") {
  Json json = bowl(9, 2, 400);
  json["partition"] = "iid";
  json["workers"]["aggregator"] = "median";
  json["adversary"] = {{"workers", "sign_flipping"}};
  // The most workers send 0 for a coordinate, and so does their median, or what a Byzantine one
  // makes of it.
  const double plain = errors_of(json).back();
  json["workers"]["compressor"] = "none";
  const double uncompressed = errors_of(json).back();
  CAPTURE(plain, uncompressed);
  CHECK(plain > 8 * uncompressed);
  for (const auto& [name, chosen] : {std::pair{"ef21", compressor("top_k", {{"k", 1}})},
                                     {"marina", compressor("random_k", {{"k", 3}})}}) {
    json["workers"]["algorithm"] = name;
    json["workers"]["compressor"] = "none";
    const double same_without = errors_of(json).back();
    json["workers"]["compressor"] = chosen;
    const double robust = errors_of(json).back();
    CAPTURE(name, robust, same_without);
    CHECK(robust < 1.2 * same_without);
    CHECK(plain > 5 * robust);
  }
}

TEST_CASE("forks and threads of every algorithm end in the same digest") {
  for (const WorkerAlgorithm& each : worker_algorithms()) {
    Json json = compressed_sgd("random_k", {{"k", 5}});
    json["workers"]["algorithm"] = each.declaration.name;
    json["workers"]["byzantine"] = 1;
    json["workers"]["aggregator"] = "median";
    json["adversary"] = {{"workers", "reversed"}};
    CAPTURE(each.declaration.name);
    World world(json, 2);
    for (int i = 0; i < 20; ++i) world.simulation.advance();
    Simulation fork = world.simulation;
    run_to_end(world.simulation);
    run_to_end(fork);
    CHECK(fork.digest().run_hex() == world.simulation.digest().run_hex());
    CHECK(digest_of_run(json).run_hex() == fork.digest().run_hex());
  }
}

TEST_CASE("storm with beta 0 and no compressor is sgd to the bit") {
  const Json json = with(small_sgd(), "/workers/algorithm", algorithm("storm", {{"beta", 0}}));
  CHECK(digest_of_run(json).models.hex() == digest_of_run(small_sgd()).models.hex());
}

TEST_CASE("storm corrects the momentum by the gradient of the same batch at the model before") {
  Json json = with(small_sgd(), "/protocol", "weighted_async_sgd");
  json["workers"]["count"] = 1;
  json["workers"]["algorithm"] = algorithm("storm", {{"beta", 0.5}});
  World world(json);
  std::vector<Payload> models, answers;
  for (const Occurrence& each : run_to_end(world.simulation))
    for (const Deed& deed : each.deeds)
      if (const auto* posted = std::get_if<Posted>(&deed))
        (posted->message->phase == Phase::model ? models : answers)
            .push_back(posted->message->vector);
  REQUIRE(answers.size() >= 2);
  const auto gradient = [&](std::int64_t batch, const Payload& at) {
    return world.workload->gradient(0, batch, at.values());
  };
  CHECK(answers[0].values() == gradient(0, models[0]));
  const std::vector<float> here = gradient(1, models[1]), before = gradient(1, models[0]);
  std::vector<float> expected(here.size());
  for (std::size_t j = 0; j < expected.size(); ++j)
    expected[j] = static_cast<float>(double(here[j]) +
                                     0.5 * (double(answers[0].values()[j]) - double(before[j])));
  CHECK(answers[1].values() == expected);
}

TEST_CASE("rosdhb without a compressor is worker momentum to the bit") {
  const Json json = with(small_sgd(), "/workers/algorithm", algorithm("rosdhb", {{"beta", 0.5}}));
  CHECK(digest_of_run(json).models.hex() ==
        digest_of_run(with(small_sgd(), "/optimizer/momentum", 0.5)).models.hex());
}

TEST_CASE("the first message by ef21 is whole, the others are compressed") {
  World world(with(compressed_sgd("top_k", {{"k", 5}}), "/workers/algorithm", "ef21"));
  for (const Posted& each : gradients_of(world))
    CHECK(wire_bytes(*each.message) == (each.message->step == 0 ? 16 + 4 * 21 : 16 + 8 * 5));
}

}  // namespace byzsim::compression_test
