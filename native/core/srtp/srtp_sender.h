// The sending half of an SRTP session: turns RTP and RTCP into SRTP and SRTCP (RFC 3711, RFC 7714).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/srtp/srtp_cipher.h"
#include "core/srtp/srtp_keys.h"

namespace remotemedia {

// Belongs to one thread. Keeps nothing per SSRC: the caller counts roll-overs.
class SrtpSender {
 public:
  // Null when libcrypto refuses, that is when it is out of memory or lacks the cipher.
  static std::unique_ptr<SrtpSender> Create(SrtpProfile profile, const SrtpMasterKey& key);

  // Writes header, encrypted payload and tag to `out`, which has room for both and kMaxSrtpTrailer
  // bytes more. Returns how many bytes that is; 0, with `out` unspecified, for a header that is not
  // exactly one RTP header with its CSRCs and extension, for an index that does not end in the
  // header's sequence number, and for a packet that would not fit a datagram.
  //
  // `header` and `payload` are either elsewhere or where they end up: at `out` and behind the
  // header. `payload` includes RTP padding.
  //
  // `packet_index` is ROC << 16 | sequence number, 48 bits. With the SSRC it makes the nonce, so
  // the caller must never use a pair again for a packet that differs in any bit: doing so under GCM
  // gives away the authentication key. ROC is 0 for the first packet of an SSRC, or no receiver can
  // follow.
  size_t ProtectRtp(std::span<const uint8_t> header, std::span<const uint8_t> payload,
                    uint64_t packet_index, uint8_t* out);

  // Protects the (compound) RTCP packet in the first `size` bytes of `buffer` in place and returns
  // its new size. Returns 0 and leaves the packet unusable when it is no RTCP, when `buffer` lacks
  // room for the trailer (kMaxSrtcpTrailer always suffices) or when all 2^31 SRTCP indices are used
  // up.
  size_t ProtectRtcp(std::span<uint8_t> buffer, size_t size);

 private:
  SrtpSender(SrtpProfile profile, std::unique_ptr<SrtpCipher> cipher);

  const SrtpProfile profile_;
  const std::unique_ptr<SrtpCipher> cipher_;
  // RFC 3711 section 3.4: starts at zero. One counter serves all SSRCs: it only has to grow.
  uint32_t next_rtcp_index_ = 0;
};

}  // namespace remotemedia
