// An attack, a rule and a scheduler that do harm in the way that their parameter names, and
// otherwise what they should.
#include <dlfcn.h>
#include <fcntl.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <xmmintrin.h>

#include <clocale>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "adversaries/plugins/byzsim_plugin.h"

namespace {

// What the harm is done to.
struct Call {
  const char* text;  // of the parameters
  std::size_t dimension;
  const float* const* vectors;  // null: none
  const float* own;
  float* out;
  const byzsim_host* host;
};

using Harm = const char* (*)(const Call& call);
struct NamedHarm {
  const char* name;
  Harm harm;
};

volatile int zero = 0;
int count_of_calls = 0;
char unended[100000];

// Uses its room after the call, so that no compiler makes a loop of it.
const char* overflow_stack(const Call& call) {
  volatile char room[4096];
  room[0] = call.text[0];
  const char* deeper = zero == 1 ? nullptr : overflow_stack(call);
  return room[0] == 0 ? nullptr : deeper;
}

void wait_for_thread(void* (*function)(void*)) {
  pthread_t thread;
  pthread_create(&thread, nullptr, function, nullptr);
  pthread_join(thread, nullptr);
}

void leave_thread(void* (*function)(void*), void* what) {
  pthread_t thread;
  pthread_create(&thread, nullptr, function, what);
  pthread_detach(thread);
}

void* keep_writing(void* where) {
  for (;;) {
    static_cast<volatile float*>(where)[0] = 1;
    usleep(10);
  }
}

void in_shards(const Call& call, void (*body)(void*, std::size_t, std::size_t)) {
  call.host->for_each_shard(call.host, call.dimension, body, nullptr);
}

template <int signal_number>
const char* send_itself(const Call&) {
  raise(signal_number);
  return nullptr;
}

constexpr NamedHarm kHarms[] = {
    {"none", [](const Call&) -> const char* { return nullptr; }},
    {"exit_0", [](const Call&) -> const char* { exit(0); }},
    {"exit_7", [](const Call&) -> const char* { exit(7); }},
    {"quick_exit", [](const Call&) -> const char* { quick_exit(0); }},
    {"exit_at_once", [](const Call&) -> const char* { _exit(0); }},
    {"exit_by_kernel",
     [](const Call&) -> const char* {
       syscall(SYS_exit_group, 0);
       return nullptr;
     }},
    {"abort", [](const Call&) -> const char* { abort(); }},
    {"read_null",
     [](const Call&) -> const char* { return *reinterpret_cast<char* const volatile*>(0x10); }},
    {"write_anywhere",
     [](const Call&) -> const char* {
       *reinterpret_cast<volatile char*>(0x123456789000) = 1;
       return nullptr;
     }},
    {"call_null",
     [](const Call&) -> const char* {
       using Function = const char* (*)();
       volatile Function function = nullptr;
       return function();
     }},
    {"divide_by_zero",
     [](const Call&) -> const char* {
       volatile int quotient = count_of_calls / zero;
       return quotient == 5 ? "five" : nullptr;
     }},
    {"illegal_instruction",
     [](const Call&) -> const char* {
       __asm__ volatile("ud2");
       return nullptr;
     }},
    {"trap",
     [](const Call&) -> const char* {
       __asm__ volatile("int3");
       return nullptr;
     }},
    {"privileged_instruction",
     [](const Call&) -> const char* {
       __asm__ volatile("hlt");
       return nullptr;
     }},
    {"bus_error", send_itself<SIGBUS>},
    {"bad_system_call", send_itself<SIGSYS>},
    {"alarm_signal", send_itself<SIGALRM>},
    {"user_signal", send_itself<SIGUSR1>},
    {"kill", send_itself<SIGKILL>},
    {"overflow_stack", overflow_stack},
    {"throw_number", [](const Call&) -> const char* { throw 7; }},
    {"throw_exception",
     [](const Call&) -> const char* { throw std::runtime_error("out\n of \xff here"); }},
    {"end_thread", [](const Call&) -> const char* { pthread_exit(nullptr); }},
    {"write_after",
     [](const Call& call) -> const char* {
       call.out[call.dimension] = 1;
       return nullptr;
     }},
    {"write_far_after",
     [](const Call& call) -> const char* {
       memset(call.out + call.dimension, 65, 1 << 20);
       return nullptr;
     }},
    {"write_before",
     [](const Call& call) -> const char* {
       call.out[-1] = 1;
       return nullptr;
     }},
    {"write_far_before",
     [](const Call& call) -> const char* {
       call.out[-100000] = 1;
       return nullptr;
     }},
    {"read_far_after",
     [](const Call& call) -> const char* {
       return call.out[call.dimension + 5000] == 1 ? "one" : nullptr;
     }},
    {"write_own",
     [](const Call& call) -> const char* {
       const_cast<float*>(call.own)[1] = 5;
       return nullptr;
     }},
    {"write_vector",
     [](const Call& call) -> const char* {
       const_cast<float*>(call.vectors[1])[2] = 5;
       return nullptr;
     }},
    {"write_pointers",
     [](const Call& call) -> const char* {
       const_cast<const float**>(call.vectors)[0] = call.vectors[1];
       return nullptr;
     }},
    {"write_text",
     [](const Call& call) -> const char* {
       const_cast<char*>(call.text)[0] = 'X';
       return nullptr;
     }},
    {"round_up",
     [](const Call&) -> const char* {
       fesetround(FE_UPWARD);
       return nullptr;
     }},
    {"flush_denormals",
     [](const Call&) -> const char* {
       _mm_setcsr(_mm_getcsr() | 0x8040);
       return nullptr;
     }},
    {"unmask_exceptions",
     [](const Call&) -> const char* {
       feenableexcept(FE_DIVBYZERO);
       return nullptr;
     }},
    {"lower_precision",
     [](const Call&) -> const char* {
       const unsigned short word = 0x007f;
       __asm__ volatile("fldcw %0" : : "m"(word));
       return nullptr;
     }},
    {"close_output",
     [](const Call&) -> const char* {
       close(1);
       return nullptr;
     }},
    {"close_errors",
     [](const Call&) -> const char* {
       close(2);
       return nullptr;
     }},
    {"replace_input",
     [](const Call&) -> const char* {
       dup2(1, 0);
       return nullptr;
     }},
    {"print",
     [](const Call&) -> const char* {
       printf("chatter\n");
       fflush(stdout);
       return write(1, "more\n", 5) < 0 ? "cannot write" : nullptr;
     }},
    {"fork",
     [](const Call&) -> const char* {
       fork();
       return nullptr;
     }},
    {"fork_quietly",
     [](const Call&) -> const char* {
       syscall(SYS_fork);
       return nullptr;
     }},
    {"start_process",
     [](const Call&) -> const char* {
       if (vfork() == 0) execl("/bin/sleep", "sleep", "5", static_cast<char*>(nullptr));
       return nullptr;
     }},
    {"change_directory",
     [](const Call&) -> const char* { return chdir("/") == 0 ? nullptr : "cannot"; }},
    {"set_environment",
     [](const Call&) -> const char* {
       setenv("BYZSIM_DATA", "/", 1);
       return nullptr;
     }},
    {"clear_environment",
     [](const Call&) -> const char* {
       clearenv();
       return nullptr;
     }},
    {"set_locale",
     [](const Call&) -> const char* {
       setlocale(LC_ALL, "C.UTF-8");
       return nullptr;
     }},
    {"handle_signal",
     [](const Call&) -> const char* {
       signal(SIGSEGV, SIG_IGN);
       return nullptr;
     }},
    {"ignore_interrupts",
     [](const Call&) -> const char* {
       signal(SIGINT, SIG_IGN);
       return nullptr;
     }},
    {"block_signals",
     [](const Call&) -> const char* {
       sigset_t all;
       sigfillset(&all);
       pthread_sigmask(SIG_BLOCK, &all, nullptr);
       return nullptr;
     }},
    {"alarm",
     [](const Call&) -> const char* {
       alarm(100);
       return nullptr;
     }},
    {"limit_files",
     [](const Call&) -> const char* {
       rlimit limit{};
       getrlimit(RLIMIT_FSIZE, &limit);
       limit.rlim_cur = 0;
       setrlimit(RLIMIT_FSIZE, &limit);
       return nullptr;
     }},
    {"count_calls",
     [](const Call& call) -> const char* {
       call.out[0] = static_cast<float>(++count_of_calls);
       return nullptr;
     }},
    {"ask_clock",
     [](const Call& call) -> const char* {
       timespec now{};
       clock_gettime(CLOCK_MONOTONIC, &now);
       call.out[0] = static_cast<float>(now.tv_nsec);
       return nullptr;
     }},
    {"long_error",
     [](const Call&) -> const char* {
       memset(unended, 'e', sizeof unended);
       return unended;
     }},
    {"strange_error", [](const Call&) -> const char* { return "bad \xc3( \x1b[31m \xed\xa0\x80"; }},
    {"wild_error", [](const Call&) -> const char* { return reinterpret_cast<const char*>(16); }},
    {"exit_in_thread",
     [](const Call&) -> const char* {
       wait_for_thread([](void*) -> void* { exit(0); });
       return nullptr;
     }},
    {"leave_thread",
     [](const Call& call) -> const char* {
       leave_thread(keep_writing, call.out);
       return nullptr;
     }},
    {"exit_in_shard",
     [](const Call& call) -> const char* {
       in_shards(call, [](void*, std::size_t, std::size_t) { exit(0); });
       return nullptr;
     }},
    {"fault_in_shard",
     [](const Call& call) -> const char* {
       in_shards(call, [](void*, std::size_t, std::size_t) { __builtin_trap(); });
       return nullptr;
     }},
    {"throw_in_shard",
     [](const Call& call) -> const char* {
       in_shards(call, [](void*, std::size_t, std::size_t) { throw 7; });
       return nullptr;
     }},
    {"flush_in_shard",
     [](const Call& call) -> const char* {
       in_shards(call, [](void*, std::size_t, std::size_t) { _mm_setcsr(0x9fc0); });
       return nullptr;
     }},
    {"loop_forever",
     [](const Call&) -> const char* {
       for (;;) count_of_calls = count_of_calls + zero;
     }},
    {"write_heap",
     [](const Call&) -> const char* {
       char* block = static_cast<char*>(malloc(100));
       memset(block - 64, 0x41, 400);
       free(block);
       return nullptr;
     }},
    {"unload_itself", [](const Call&) -> const char* {
       Dl_info here{};
       dladdr(&count_of_calls, &here);
       void* self = dlopen(here.dli_fname, RTLD_NOW | RTLD_NOLOAD);
       for (int i = 0; self != nullptr && i < 3; ++i) dlclose(self);
       return nullptr;
     }}};

constexpr std::size_t kHarmCount = sizeof kHarms / sizeof kHarms[0];
const char* words[kHarmCount + 1] = {};  // filled in as the library is loaded
constexpr byzsim_parameter kParameters[] = {
    {"how", "what harm it does", BYZSIM_WORD, 0, 0, 0, words},
    {"note", "a text", BYZSIM_TEXT, 0, 0, 0, nullptr}};

[[gnu::constructor]] void fill_words() {
  for (std::size_t i = 0; i < kHarmCount; ++i) words[i] = kHarms[i].name;
  const char* at_load = getenv("HOSTILE_AT_LOAD");
  for (const NamedHarm& each : kHarms)
    if (at_load != nullptr && std::string_view(at_load) == each.name)
      each.harm({"", 0, nullptr, nullptr, nullptr, nullptr});
}

const char* do_harm(const byzsim_value* parameters, const Call& call) {
  return kHarms[parameters[0].integer].harm(call);
}

const char* craft(void*, const byzsim_attack_input* input, float* out) {
  memcpy(out, input->own, input->dimension * sizeof *out);
  return do_harm(input->parameters, {input->parameters[0].text, input->dimension, input->honest,
                                     input->own, out, input->host});
}

const char* aggregate(void*, const byzsim_rule_input* input, float* out) {
  memcpy(out, input->vectors[0], input->dimension * sizeof *out);
  return do_harm(input->parameters, {input->parameters[0].text, input->dimension, input->vectors,
                                     input->vectors[0], out, input->host});
}

const char* choose(void*, const byzsim_dispatch* dispatch, std::int64_t* delay_ns) {
  *delay_ns = dispatch->drawn_ns;
  const std::string_view how = dispatch->parameters[0].text;
  if (how == "write_after") delay_ns[1] = 5;
  if (how == "write_before") delay_ns[-1] = 5;
  if (how == "count_calls") *delay_ns = ++count_of_calls;
  if (how == "write_after" || how == "write_before" || how == "count_calls") return nullptr;
  return do_harm(dispatch->parameters, {"", 0, nullptr, nullptr, nullptr, dispatch->host});
}

constexpr byzsim_attack kAttacks[] = {
    {{"hostile", "does harm", nullptr, kParameters, 2}, nullptr, 1, 0, craft, nullptr}};
constexpr byzsim_scheduler kSchedulers[] = {
    {{"hostile_scheduler", "does harm", nullptr, kParameters, 2}, nullptr, choose}};
constexpr byzsim_rule kRules[] = {{{"hostile_rule", "does harm", nullptr, kParameters, 2},
                                   nullptr,
                                   {0, 1},
                                   {0, 1},
                                   nullptr,
                                   aggregate,
                                   nullptr}};

}  // namespace

const byzsim_plugin byzsim_plugin_exports = {
    BYZSIM_PLUGIN_ABI, kAttacks, 1, kSchedulers, 1, kRules, 1};
