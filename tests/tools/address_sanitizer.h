// Whether an address sanitizer watches this build: it wants address space without a limit, and
// keeps freed memory on purpose.
#pragma once

namespace byzsim::process {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kAddressSanitizer = true;
#elif defined(__has_feature)
constexpr bool kAddressSanitizer = __has_feature(address_sanitizer);
#else
constexpr bool kAddressSanitizer = false;
#endif

}  // namespace byzsim::process
