// What was negotiated for one incoming or outgoing stream.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/rtp/codec.h"
#include "core/rtp/rtp_header_extension.h"

namespace remotemedia {

struct CodecParameters {
  Codec codec = Codec::kOther;
  uint8_t payload_type = 0;
  uint32_t clock_rate = 0;       // Hz, never 0
  uint8_t rtx_payload_type = 0;  // 0: no RTX
  bool nack = false;
  bool pli = false;
  bool fir = false;
  bool transport_cc = false;
  bool remb = false;
};

// Zero and empty fields are learnt from the packets' MID and RID (RFC 8843 section 9.2, RFC 8852).
struct EncodingParameters {
  uint32_t ssrc = 0;
  uint32_t rtx_ssrc = 0;
  std::string rid;
};

struct ProducerParameters {
  ProducerId id{};
  bool is_video = false;
  std::string mid;
  std::vector<CodecParameters> codecs;
  std::vector<EncodingParameters> encodings;
  RtpExtensionMap extensions;
};

struct ConsumerParameters {
  ConsumerId id{};
  bool is_video = false;
  std::string mid;
  uint32_t ssrc = 0;
  uint32_t rtx_ssrc = 0;  // 0: no RTX
  std::string cname;
  std::vector<CodecParameters> codecs;
  RtpExtensionMap extensions;
};

// One of the producer's payload types and what it is called by the consumer.
struct PayloadTypeMapping {
  uint8_t from = 0;
  uint8_t to = 0;
};

inline const CodecParameters* FindCodec(const std::vector<CodecParameters>& codecs,
                                        uint8_t payload_type) {
  for (const CodecParameters& codec : codecs) {
    if (codec.payload_type == payload_type) return &codec;
  }
  return nullptr;
}

}  // namespace remotemedia
