// Attacks, schedulers, aggregation rules, models and data sets built outside byzsim: what a shared
// library exports so that `byzsim --plugin FILE.so` lists, checks, runs and sweeps them like those
// built in. Plain C; the library defines one constant, byzsim_plugin_exports, and links against
// nothing of byzsim.
//
// Everything belongs to whoever made it: declarations and texts to the library, which keeps them as
// long as it is loaded; inputs, outputs and the host to byzsim, during the call alone.
//
// What holds for every function of a plugin:
// - It is a function of what it is given: no clock, no files, no randomness but the host's, and
//   between calls no state but the memory that it declares (state_bytes, sender_vectors). It may be
//   called on several threads at once, with other memory on each.
// - It returns null when it is done, or a sentence that says why not, which ends the run; the text
//   must stay. No exception may leave it.
// - It leaves the floating-point environment alone; a library built with -ffast-math or -Ofast,
//   which flushes denormals in the whole process, is refused.
// - It writes exactly the `dimension` values of `out`, which overlaps no input, and changes no
// input.
// - It does not end the process, start threads or processes that stay, or change the process
//   (working directory, environment, locale, signals, limits). What it prints on standard output
//   goes to standard error.
// docs/plugins.md says which broken promise is noticed when.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The version of everything below. Later versions append fields at the ends of structs and change
// nothing else, so that libraries of every version from 1 on are read: what a library does not have
// counts as 0. A library of a later version than the program's is read as far as the program knows
// it, if the library says by `least_abi` that this is enough.
#define BYZSIM_PLUGIN_ABI 3

// Whether what the host gives reaches as far as a field: for a library that also serves programs of
// versions before that field's. BYZSIM_HAS(struct byzsim_rule_input, input, weights)
#define BYZSIM_HAS(type, given, field) \
  ((given)->size >= offsetof(type, field) + sizeof((given)->field))

enum byzsim_parameter_type {
  BYZSIM_FLAG = 0,
  BYZSIM_INTEGER = 1,
  BYZSIM_REAL = 2,
  BYZSIM_WORD = 3,      // one of `words`
  BYZSIM_TEXT = 4,      // words[0] is the default; none: empty
  BYZSIM_DURATION = 5,  // written "5 ms"; in nanoseconds here
};

// What a user may set. Numbers lie in [low, high], which the default does too; where both are 0
// there are no bounds (durations: any that byzsim can hold).
struct byzsim_parameter {
  const char* name;     // of a-z, 0-9 and _
  const char* summary;  // half a sentence
  int32_t type;         // a byzsim_parameter_type
  double fallback;      // the default of a flag (0 or 1), a number or a duration
  double low, high;
  const char* const* words;  // of BYZSIM_WORD, the default first, then a null pointer
};

// A parameter's value, in the order of their declaration. Never grows.
struct byzsim_value {
  double real;       // of every type that is a number
  int64_t integer;   // a flag, an integer, nanoseconds, or which of the words
  const char* text;  // a word or a text, else null
};

struct byzsim_declaration {
  const char* name;     // of a-z, 0-9 and _; no other strategy of its kind has it
  const char* summary;  // one sentence
  const char* source;   // where the definition comes from, or null
  const struct byzsim_parameter* parameters;
  size_t parameter_count;
};

// What the host does for a plugin during one call. It is the first argument of its functions.
struct byzsim_host {
  // Draws from a stream named by seed, node, step and phase: equal in every run of the scenario.
  // Not from within a shard.
  uint64_t (*bits)(const struct byzsim_host* host);                   // 64 uniform bits
  double (*uniform)(const struct byzsim_host* host);                  // in [0, 1)
  double (*normal)(const struct byzsim_host* host);                   // mean 0, deviation 1
  uint64_t (*below)(const struct byzsim_host* host, uint64_t bound);  // in [0, bound); bound >= 1
  // Calls body(context, begin, end) for pieces of [0, dimension) whose cut points depend on the
  // dimension alone, perhaps on several threads. Sums over pieces must be folded in their order.
  void (*for_each_shard)(const struct byzsim_host* host, size_t dimension,
                         void (*body)(void* context, size_t begin, size_t end), void* context);
  // For attacks that know their victim's defence: what the receivers' aggregation makes of these
  // vectors. Returns 0, or 1 where there is no defence to know or it takes not so many vectors.
  int (*defend)(const struct byzsim_host* host, const float* const* vectors, size_t count,
                float* out);
  int (*defend_double)(const struct byzsim_host* host, const double* const* vectors, size_t count,
                       double* out);
  // Since version 2:
  size_t size;  // bytes of this struct that byzsim has filled in
};

// --- attacks: what a Byzantine node says instead of its own vector ---

struct byzsim_attack_input {
  size_t dimension;
  const float* own;                // what an honest node would say in the attacker's place
  const float* const* honest;      // vectors of honest nodes that it knows, by sender
  size_t honest_count;             // may be 0
  const int32_t* honest_clusters;  // of their senders, 0 or 1, or null where unknown
  int32_t cluster;                 // of the receiver: which half of the nodes it belongs to
  int32_t n, f;                    // nodes of the attacker's role; Byzantine ones among them
  const struct byzsim_value* parameters;
  const struct byzsim_host* host;
  // Since version 2:
  size_t size;  // bytes of this struct that byzsim has filled in
  // The `state_bytes` that the attack declares, aligned to 64; it reads and writes them. All 0 in
  // the first call of a run and in each line of `byzsim eval`. Null where it declares none.
  void* state;
};

struct byzsim_attack_input_double {
  size_t dimension;
  const double* own;
  const double* const* honest;
  size_t honest_count;
  const int32_t* honest_clusters;
  int32_t cluster;
  int32_t n, f;
  const struct byzsim_value* parameters;
  const struct byzsim_host* host;
  size_t size;
  void* state;
};

// The vector said may hold any bits, infinities and NaN too.
struct byzsim_attack {
  struct byzsim_declaration declaration;
  void* user;           // handed to every call
  int32_t uses_honest;  // whether it looks at `honest`, which is empty otherwise
  int32_t per_cluster;  // whether it tells the two halves of the nodes different things
  const char* (*craft)(void* user, const struct byzsim_attack_input* input, float* out);
  // For `byzsim eval` in float64; null: float32 alone.
  const char* (*craft_double)(void* user, const struct byzsim_attack_input_double* input,
                              double* out);
  // Since version 2:
  // Memory that byzsim keeps between the calls of one run, at most 2^24 bytes; plain values, no
  // pointers. All Byzantine nodes share it, but what they send about gradients and about models is
  // crafted with memory of its own. Calls are made in the order of events, one at a time, and a
  // copy of a run (a search makes some) has a copy of it.
  size_t state_bytes;
};

// --- schedulers: how long a message travels ---

// Never grows.
struct byzsim_node {
  int32_t worker;  // 1: a worker, 0: a server
  int32_t index;   // within its role
  int32_t byzantine;
  int32_t cluster;  // 0 or 1: its half of the nodes
};

struct byzsim_dispatch {
  struct byzsim_node sender, receiver;
  const char* phase;  // "model", "gradient", "gather", "request", ...
  int64_t step, round;
  int64_t now_ns;                                                  // simulated time
  int64_t drawn_ns;                                                // the delay that the link drew
  int64_t servers, byzantine_servers, workers, byzantine_workers;  // how many there are
  const struct byzsim_value* parameters;
  const struct byzsim_host* host;
  // Since version 2:
  size_t size;  // bytes of this struct that byzsim has filled in
  void* state;  // as of attacks: the scheduler's `state_bytes`
};

// Delays are finite: in [0, 10^15] nanoseconds.
struct byzsim_scheduler {
  struct byzsim_declaration declaration;
  void* user;
  const char* (*choose)(void* user, const struct byzsim_dispatch* dispatch, int64_t* delay_ns);
  // Since version 2:
  size_t state_bytes;  // as of attacks: memory between the calls of one run
};

// --- aggregation rules: from n vectors one ---

struct byzsim_rule_input {
  size_t dimension;
  const float* const* vectors;
  size_t count;           // n
  int32_t f;              // declared number of Byzantine ones among them
  const float* previous;  // what the receiver's last aggregation gave; null at first
  const struct byzsim_value* parameters;
  const struct byzsim_host* host;
  // Since version 2:
  size_t size;        // bytes of this struct that byzsim has filled in
  int64_t own_index;  // which of the vectors is the receiver's own; -1: none of them, or unknown
  // The nodes that the vectors are from, by their indices within their role (byzsim_node.index), in
  // the order of the vectors: ascending, each once. Null where they are not known: in `byzsim
  // eval`, in what `defend` asks, in the buffers of protocol `basgd`, and behind a pre-aggregator
  // that groups vectors (`bucketing`), where own_index is -1 too.
  const int32_t* senders;
  // How much each vector counts, at least 0 and finite, in the order of the vectors; only their
  // ratios matter. Null where all count the same, and for rules that do not declare `uses_weights`.
  const double* weights;
  // The `sender_vectors` vectors that the receiver keeps of each sender: memory[i * sender_vectors
  // + k] is vector k, of the dimension, of the sender of vectors[i]. The rule reads and writes
  // them; all are 0 in the first aggregation of a run, in each line of `byzsim eval` and in what
  // `defend` asks. Null where the rule declares none.
  float* const* memory;
};

struct byzsim_rule_input_double {
  size_t dimension;
  const double* const* vectors;
  size_t count;
  int32_t f;
  const double* previous;
  const struct byzsim_value* parameters;
  const struct byzsim_host* host;
  size_t size;
  int64_t own_index;
  const int32_t* senders;
  const double* weights;
  double* const* memory;
};

// How the arithmetic of a rule grows with n vectors of d coordinates, in multiplications and
// comparisons: simulated nodes compute that long where the scenario prices operations.
enum byzsim_growth {
  BYZSIM_GROWTH_OF_COST = 0,  // as `cost` begins: "n^2" pairs, "n log" sorting, all else vectors
  BYZSIM_GROWTH_VECTORS = 1,  // n d
  BYZSIM_GROWTH_SORTING = 2,  // n log2(n) d
  BYZSIM_GROWTH_PAIRS = 3,    // n^2 d / 2
};

// n >= times_f * f + plus. Never grows.
struct byzsim_bound {
  int32_t times_f, plus;
};

// From finite vectors a rule makes a finite one; anything else is an error.
struct byzsim_rule {
  struct byzsim_declaration declaration;
  void* user;
  struct byzsim_bound proven;      // under which it tolerates f Byzantine vectors
  struct byzsim_bound computable;  // without it the formula has no meaning
  const char* cost;                // arithmetic in n, f and d, as "n^2 d"; null: as it grows
  const char* (*aggregate)(void* user, const struct byzsim_rule_input* input, float* out);
  // For `byzsim eval` in float64; null: float32 alone.
  const char* (*aggregate_double)(void* user, const struct byzsim_rule_input_double* input,
                                  double* out);
  // Since version 2:
  int64_t growth;  // a byzsim_growth
  // Vectors that byzsim keeps of each sender from one aggregation to the next, at most 16: at every
  // receiver apart for the gradients and for the models that it aggregates. A copy of a run has a
  // copy of them. Refused behind pre-aggregators that group vectors, and in protocol `basgd`.
  size_t sender_vectors;
  // Since version 3:
  int64_t uses_weights;  // whether it is given the `weights` of the vectors
};

// --- data sets: labelled examples, generated from the seed (since version 2) ---

// What examples look like.
struct byzsim_data_shape {
  size_t features;                 // values of one example, in [1, 2^31]
  size_t classes;                  // at most 10^6; 0: targets are real numbers
  size_t channels, height, width;  // of images, plane by plane, row by row; all 0: no images
  size_t size;                     // bytes of this struct that byzsim knows
};

struct byzsim_dataset_input {
  uint64_t seed;        // of the scenario
  int32_t part;         // 0: to train with, 1: to test with
  size_t begin, count;  // which examples of the part to make
  const struct byzsim_value* parameters;
  const struct byzsim_host* host;  // draws from a stream named by seed, part and `begin`
  size_t size;
};

// A data set is a pure function of its parameters and the seed.
struct byzsim_dataset {
  struct byzsim_declaration declaration;
  void* user;
  // What the set will be; `train` and `test` are numbers of examples, in [1, 10^9].
  const char* (*shape)(void* user, const struct byzsim_dataset_input* input,
                       struct byzsim_data_shape* shape, size_t* train, size_t* test);
  // Writes `count` examples: count x features finite values, and of each its label in [0, classes)
  // or, where there are no classes, its finite target; the other of the two is null. byzsim asks
  // for blocks that begin at multiples of 256 and have 256 examples, the last of a part fewer.
  const char* (*make)(void* user, const struct byzsim_dataset_input* input, float* features,
                      int32_t* labels, float* targets);
};

// --- models: parameters, and a loss with its gradient (since version 2) ---

struct byzsim_model_input {
  const struct byzsim_data_shape* shape;  // of the data it is for
  size_t dimension;                       // number of parameters, 0 where it is asked for
  const struct byzsim_value* parameters;
  const struct byzsim_host* host;
  size_t size;
};

// Examples to learn from, or to be judged by.
struct byzsim_batch {
  size_t rows;            // examples, at least 1
  const float* features;  // rows x features
  const int32_t* labels;  // of each row; 0 where there are no classes
  const float* targets;   // of each row; null where there are classes
  size_t size;
};

struct byzsim_model {
  struct byzsim_declaration declaration;
  void* user;
  // Whether it predicts a class for an example; otherwise accuracy is undefined.
  int64_t predicts_classes;
  // Writes the number of parameters, in [1, 2^40], or returns why there is no such model for such
  // data, which is the scenario's mistake.
  const char* (*dimension)(void* user, const struct byzsim_model_input* input, size_t* dimension);
  // Writes the initial parameters, which are finite. Draws are named by the seed.
  const char* (*initialize)(void* user, const struct byzsim_model_input* input, float* model);
  // Writes the partial derivatives of the batch's mean loss, and that loss. From finite parameters
  // it makes no NaN; where numbers overflow, infinities.
  const char* (*gradient)(void* user, const struct byzsim_model_input* input, const float* model,
                          const struct byzsim_batch* batch, float* gradient, double* loss);
  // Writes the loss of each example and, where it predicts classes, the class in [0, classes) that
  // it predicts for it (otherwise null). byzsim asks for at most 256 examples at a time.
  const char* (*evaluate)(void* user, const struct byzsim_model_input* input, const float* model,
                          const struct byzsim_batch* batch, double* losses, int32_t* predictions);
};

// Everything that the library offers.
struct byzsim_plugin {
  uint32_t abi;  // BYZSIM_PLUGIN_ABI
  const struct byzsim_attack* attacks;
  size_t attack_count;
  const struct byzsim_scheduler* schedulers;
  size_t scheduler_count;
  const struct byzsim_rule* rules;
  size_t rule_count;
  // Since version 2:
  size_t least_abi;  // the least version that the library can do with; 0: `abi`
  const struct byzsim_model* models;
  size_t model_count;
  const struct byzsim_dataset* datasets;
  size_t dataset_count;
};

extern __attribute__((visibility("default"))) const struct byzsim_plugin byzsim_plugin_exports;

// The bytes of each struct that a library declares, as it was compiled: so byzsim reads the structs
// of every version. Defined here, by every source that includes this; a library defines none of its
// own, and exports this one too where it chooses what it exports.
struct byzsim_sizes {
  uint32_t sizes;  // of this struct
  uint32_t plugin, declaration, parameter, attack, scheduler, rule, model, dataset;
};

extern __attribute__((weak, visibility("default"))) const struct byzsim_sizes byzsim_plugin_sizes;
const struct byzsim_sizes byzsim_plugin_sizes = {
    sizeof(struct byzsim_sizes),       sizeof(struct byzsim_plugin),
    sizeof(struct byzsim_declaration), sizeof(struct byzsim_parameter),
    sizeof(struct byzsim_attack),      sizeof(struct byzsim_scheduler),
    sizeof(struct byzsim_rule),        sizeof(struct byzsim_model),
    sizeof(struct byzsim_dataset)};

// A library whose functions keep state between calls elsewhere than in the memory that they declare
// (state_bytes, sender_vectors) defines this as 1; others need not define it. Its runs compute on
// one thread, and a process makes one of them only: `run`, `verify`, and sweeps, where each run has
// a process of its own. Other commands refuse a second run.
extern __attribute__((visibility("default"))) const int32_t byzsim_plugin_keeps_state;

#ifdef __cplusplus
}
#endif
