// `byzsim eval` with compressors, and with rules that weigh vectors.
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::eval_compress_test {
namespace {

std::string answered(const std::string& request, int exit_code = 0) {
  const Outcome outcome = Sandbox().byzsim({"eval"}, request + "\n");
  CHECK(outcome.exit_code == exit_code);
  return outcome.out;
}

std::string error_in(const std::string& request) {
  return Json::parse(answered(request, 2)).at("error").get<std::string>();
}

}  // namespace

TEST_CASE("eval compresses vectors and states the bytes of each message") {
  // 3 (4 + 4) bytes; of the equal magnitudes 2 and -2 the first is kept.
  CHECK(answered(R"({"compress": {"name": "top_k", "parameters": {"k": 3}}, "seed": 1, )"
                 R"("vectors": [[1, -5, 2, -2, "nan"], [0, 0, 0, 4, 0]]})") ==
        "{\"vectors\":[[0.0,-5.0,2.0,0.0,\"nan\"],[0.0,0.0,0.0,4.0,0.0]],\"bytes\":[24,24]}\n");
  CHECK(answered(R"({"compress": "sign", "vectors": [[1, -5, 0, 2]], "precision": "float64"})") ==
        "{\"vectors\":[[2.0,-2.0,2.0,2.0]],\"bytes\":[5]}\n");
}

TEST_CASE("the seed of a line names the draws of its compressor, vectors are of several nodes") {
  const auto vectors = [](const std::string& coins, int seed) {
    return Json::parse(answered(R"({"compress": {"name": "random_k", "parameters": {"k": 1, )"
                                R"("coins": ")" +
                                coins + R"("}}, "seed": )" + std::to_string(seed) +
                                R"(, "vectors": [[1,1,1,1,1,1,1,1,1], [1,1,1,1,1,1,1,1,1]]})"))
        .at("vectors");
  };
  CHECK(vectors("own", 3) == vectors("own", 3));
  CHECK(vectors("own", 3) != vectors("own", 4));
  CHECK(vectors("own", 3)[0] != vectors("own", 3)[1]);
  CHECK(vectors("shared", 3)[0] == vectors("shared", 3)[1]);
}

TEST_CASE("eval refuses what a compressor does not take") {
  CHECK_THAT(error_in(R"({"compress": "topk5", "vectors": [[1]]})"),
             StartsWith("/compress: unknown compressor 'topk5'; one of: none, top_k, random_k"));
  CHECK_THAT(
      error_in(R"({"compress": {"name": "qsgd", "parameters": {"levels": 0}}, "vectors": [[1]]})"),
      StartsWith("/compress/parameters/levels: must be an integer in [1, 16777216]"));
  CHECK_THAT(error_in(R"({"compress": "none", "f": 1, "vectors": [[1]]})"),
             StartsWith("/f: unknown key; allowed: compress, vectors, seed, precision"));
}

TEST_CASE("eval weighs vectors without an own one") {
  // Weights 3, 1, 2: the first value has half of 6 up to it, the second more.
  CHECK(answered(R"({"aggregate": {"name": "weighted_median"}, "f": 1, "weights": [3, 1, 2], )"
                 R"("vectors": [[1], [5], [9]]})") == "{\"vector\":[5.0]}\n");
  CHECK(answered(R"({"aggregate": "weighted_median", "f": 1, "vectors": [[1], [5], [9], [7]]})") ==
        "{\"vector\":[7.0]}\n");
}

TEST_CASE("eval averages the vectors nearest to the result of ctma's rule") {
  // The median of each coordinate is (2, 2); of five vectors the last two are the farthest.
  CHECK(answered(R"({"aggregate": {"name": "ctma", "parameters": {"rule": "median"}}, "f": 2, )"
                 R"("vectors": [[1, 1], [2, 2], [3, 3], [90, 0], [0, 90]]})") ==
        "{\"vector\":[2.0,2.0]}\n");
  CHECK_THAT(error_in(R"({"aggregate": {"name": "ctma", "parameters": {"rule": "gts"}}, "f": 0, )"
                      R"("vectors": [[1]]})"),
             StartsWith("/aggregate/parameters/rule: must be one of: median, average"));
}

}  // namespace byzsim::process::eval_compress_test
