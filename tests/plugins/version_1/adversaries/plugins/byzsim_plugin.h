// Attacks, schedulers and aggregation rules built outside byzsim: what a shared library exports so
// that `byzsim --plugin FILE.so` lists, checks, runs and sweeps them like those built in. Plain C;
// the library defines one constant, byzsim_plugin_exports, and links against nothing of byzsim.
//
// What holds for every function of a plugin:
// - It is a function of what it is given: no clock, no files, no state between calls, no randomness
//   but the host's. It may be called on several threads at once.
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

// The version of everything below. A library of another version is refused.
#define BYZSIM_PLUGIN_ABI 1

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

// A parameter's value, in the order of their declaration.
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
};

// --- schedulers: how long a message travels ---

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
};

// Delays are finite: in [0, 10^15] nanoseconds.
struct byzsim_scheduler {
  struct byzsim_declaration declaration;
  void* user;
  const char* (*choose)(void* user, const struct byzsim_dispatch* dispatch, int64_t* delay_ns);
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
};

struct byzsim_rule_input_double {
  size_t dimension;
  const double* const* vectors;
  size_t count;
  int32_t f;
  const double* previous;
  const struct byzsim_value* parameters;
  const struct byzsim_host* host;
};

// n >= times_f * f + plus.
struct byzsim_bound {
  int32_t times_f, plus;
};

// From finite vectors a rule makes a finite one; anything else is an error.
struct byzsim_rule {
  struct byzsim_declaration declaration;
  void* user;
  struct byzsim_bound proven;      // under which it tolerates f Byzantine vectors
  struct byzsim_bound computable;  // without it the formula has no meaning
  const char* cost;                // arithmetic in n, f and d, as "n^2 d"; null: "n d"
  const char* (*aggregate)(void* user, const struct byzsim_rule_input* input, float* out);
  // For `byzsim eval` in float64; null: float32 alone.
  const char* (*aggregate_double)(void* user, const struct byzsim_rule_input_double* input,
                                  double* out);
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
};

extern __attribute__((visibility("default"))) const struct byzsim_plugin byzsim_plugin_exports;

// A library whose functions keep state between calls defines this as 1; others need not define it.
// Its runs compute on one thread, and a process makes one of them only: `run`, `verify`, and
// sweeps, where each run has a process of its own. Other commands refuse a second run.
extern __attribute__((visibility("default"))) const int32_t byzsim_plugin_keeps_state;

#ifdef __cplusplus
}
#endif
