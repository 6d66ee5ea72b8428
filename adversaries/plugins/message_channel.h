// Messages between byzsim and the process of a plugin: JSON, followed by bytes.
//
// The other end may have ended, or send anything: what cannot be read as a message is none, never
// an error of byzsim. Descriptors and memory are released with the objects that hold them.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/input/json.h"

namespace byzsim {

/// An open file descriptor, or none; closed with the object.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  /// As the system counts them; -1: none.
  int number() const { return number_; }

 private:
  int number_ = -1;
};

/// Two ends of one connection. Throws std::system_error where the system makes none.
struct Connection {
  /// `type` is that of the system's sockets: SOCK_STREAM.
  explicit Connection(int type);
  Descriptor ours, theirs;
};

/// One message: an object, and bytes whose meaning it states.
struct PluginMessage {
  Json json;
  std::string bytes = {};
};

/// Whether the message could be sent whole.
bool send_message(const Descriptor& to, const Json& json, std::string_view bytes = {});

/// Nothing where the other end is closed or `wait`, which is called until there is something to
/// read, returns false, or what comes is no message.
std::optional<PluginMessage> receive_message(const Descriptor& from,
                                             const std::function<bool(int descriptor)>& wait);

/// Sends two descriptors in one packet; whether it could.
bool send_descriptors(const Descriptor& to, const Descriptor& first, const Descriptor& second);
/// Waits for such a packet; nothing when the other end is closed.
struct TwoDescriptors {
  Descriptor first, second;
};
std::optional<TwoDescriptors> receive_descriptors(const Descriptor& from);

/// Memory that two processes share, as one of them has it mapped.
class SharedMemory {
 public:
  SharedMemory() = default;
  /// The first `size` bytes of the file, writable or not. Throws std::bad_alloc.
  SharedMemory(const Descriptor& file, std::size_t offset, std::size_t size, bool writable);
  ~SharedMemory();
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  /// Null and 0 for none.
  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A file in memory that can only grow. Throws std::bad_alloc.
Descriptor make_memory_file(std::size_t size);
/// To `size` bytes; what is mapped of it stays.
void grow_memory_file(const Descriptor& file, std::size_t size);

}  // namespace byzsim
