// The receiving half of an SRTP session: authenticates, decrypts and refuses replays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/srtp/replay_window.h"
#include "core/srtp/srtp_cipher.h"
#include "core/srtp/srtp_keys.h"
#include "core/srtp/ssrc_table.h"

namespace remotemedia {

enum class SrtpStatus : uint8_t {
  kOk,
  // Cut short, not RTP or RTCP, or SRTCP whose E-bit says that it is not encrypted.
  kMalformed,
  // Not made with our key, or changed on the way.
  kAuthFailed,
  // Seen before, or too old to know.
  kReplayed,
};

// Belongs to one thread. An SSRC gets a context (roll-over counter and replay window) with its
// first packet that authenticates, so strangers cost no memory. There are at most kMaxSsrcs for RTP
// and as many for RTCP; a new SSRC beyond that replaces the one silent for longest, because a long
// call that changes its tracks often has to go on. The price: that SSRC's replays are no longer
// recognized, and it must start again with ROC 0. Only packets made with the key can bring this
// about.
class SrtpReceiver {
 public:
  static constexpr size_t kMaxSsrcs = 256;

  // Null when libcrypto refuses, that is when it is out of memory or lacks the cipher.
  static std::unique_ptr<SrtpReceiver> Create(SrtpProfile profile, const SrtpMasterKey& key);

  // Turns the SRTP or SRTCP packet into RTP or RTCP in place. On kOk `*size` is its size, at the
  // start of `packet`; otherwise `*size` is untouched and the contents of `packet` are unspecified.
  // RTP padding and RTCP behind its first 8 bytes, which are encrypted, are not checked here.
  SrtpStatus UnprotectRtp(std::span<uint8_t> packet, size_t* size);
  SrtpStatus UnprotectRtcp(std::span<uint8_t> packet, size_t* size);

 private:
  // Wide enough for 0.4 s of reordering and plain retransmission of a 25 Mbit/s stream.
  using RtpWindow = ReplayWindow<1'024>;
  using RtcpWindow = ReplayWindow<128>;

  SrtpReceiver(SrtpProfile profile, std::unique_ptr<SrtpCipher> cipher);

  const SrtpProfile profile_;
  const std::unique_ptr<SrtpCipher> cipher_;
  SsrcTable<RtpWindow, kMaxSsrcs> rtp_;
  SsrcTable<RtcpWindow, kMaxSsrcs> rtcp_;
};

}  // namespace remotemedia
