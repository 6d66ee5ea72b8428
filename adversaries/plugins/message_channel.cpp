#include "adversaries/plugins/message_channel.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

#include "core/check.h"

#if !defined(__linux__)  // where a program that is started inherits descriptors
#define SOCK_CLOEXEC 0
#define MSG_CMSG_CLOEXEC 0
#endif

namespace byzsim {
namespace {

constexpr std::size_t kLongest = std::size_t{1} << 36, kPiece = std::size_t{1} << 24;

bool send_all(int to, const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t sent = ::send(to, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    at += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool receive_all(int from, void* data, std::size_t size, const std::function<bool(int)>& wait) {
  char* at = static_cast<char*>(data);
  while (size > 0) {
    if (!wait(from)) return false;
    const ssize_t received = ::recv(from, at, size, 0);
    if (received < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (received <= 0) return false;
    at += received;
    size -= static_cast<std::size_t>(received);
  }
  return true;
}

// What is announced may never come: memory is taken piece by piece.
bool receive_text(int from, std::string& text, std::uint64_t size,
                  const std::function<bool(int)>& wait) {
  if (size > kLongest) return false;
  while (text.size() < size) {
    const std::size_t there = text.size();
    text.resize(std::min<std::size_t>(size, there + kPiece));
    if (!receive_all(from, text.data() + there, text.size() - there, wait)) return false;
  }
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Connection::Connection(int type) {
  int ends[2];
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::system_error(errno, std::generic_category());
  ours = Descriptor(ends[0]);
  theirs = Descriptor(ends[1]);
}

bool send_message(const Descriptor& to, const Json& json, std::string_view bytes) {
  const std::string text = json.dump();
  const std::array<std::uint64_t, 2> sizes = {text.size(), bytes.size()};
  return send_all(to.number(), sizes.data(), sizeof sizes) &&
         send_all(to.number(), text.data(), text.size()) &&
         send_all(to.number(), bytes.data(), bytes.size());
}

std::optional<PluginMessage> receive_message(const Descriptor& from,
                                             const std::function<bool(int)>& wait) {
  std::array<std::uint64_t, 2> sizes{};
  if (!receive_all(from.number(), sizes.data(), sizeof sizes, wait)) return std::nullopt;
  std::string text;
  PluginMessage message;
  if (!receive_text(from.number(), text, sizes[0], wait) ||
      !receive_text(from.number(), message.bytes, sizes[1], wait))
    return std::nullopt;
  message.json = Json::parse(text, nullptr, false);
  if (!message.json.is_object()) return std::nullopt;
  return message;
}

bool send_descriptors(const Descriptor& to, const Descriptor& first, const Descriptor& second) {
  BYZ_CHECK(first.number() >= 0 && second.number() >= 0, "descriptors that are sent are open");
  const int numbers[2] = {first.number(), second.number()};
  char nothing = 0;
  iovec part{&nothing, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof numbers)> space{};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  packet.msg_control = space.data();
  packet.msg_controllen = space.size();
  cmsghdr* header = CMSG_FIRSTHDR(&packet);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof numbers);
  std::memcpy(CMSG_DATA(header), numbers, sizeof numbers);
  return ::sendmsg(to.number(), &packet, MSG_NOSIGNAL) == 1;
}

std::optional<TwoDescriptors> receive_descriptors(const Descriptor& from) {
  int numbers[2];
  char nothing = 0;
  iovec part{&nothing, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof numbers)> space{};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  packet.msg_control = space.data();
  packet.msg_controllen = space.size();
  ssize_t received = 0;
  do received = ::recvmsg(from.number(), &packet, MSG_CMSG_CLOEXEC);
  while (received < 0 && errno == EINTR);
  const cmsghdr* header = received == 1 ? CMSG_FIRSTHDR(&packet) : nullptr;
  if (header == nullptr || header->cmsg_len != CMSG_LEN(sizeof numbers)) return std::nullopt;
  std::memcpy(numbers, CMSG_DATA(header), sizeof numbers);
  return TwoDescriptors{Descriptor(numbers[0]), Descriptor(numbers[1])};
}

SharedMemory::SharedMemory(const Descriptor& file, std::size_t offset, std::size_t size,
                           bool writable)
    : size_(size) {
  BYZ_CHECK(size > 0, "memory that is shared has a size");
  void* memory = ::mmap(nullptr, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED,
                        file.number(), static_cast<off_t>(offset));
  if (memory == MAP_FAILED) throw std::bad_alloc();
  data_ = static_cast<std::byte*>(memory);
}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Descriptor make_memory_file(std::size_t size) {
#if defined(__linux__)
  Descriptor file(::memfd_create("byzsim plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
#else
  char name[] = "/tmp/byzsim-XXXXXX";
  Descriptor file(::mkstemp(name));
  ::unlink(name);
#endif
  if (file.number() < 0) throw std::bad_alloc();
  grow_memory_file(file, size);
#if defined(__linux__)
  ::fcntl(file.number(), F_ADD_SEALS, F_SEAL_SHRINK);
#endif
  return file;
}

void grow_memory_file(const Descriptor& file, std::size_t size) {
  if (::ftruncate(file.number(), static_cast<off_t>(size)) != 0) throw std::bad_alloc();
}

}  // namespace byzsim
