// Keys and packets that the tests of SRTP senders and receivers share.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/byte_writer.h"
#include "core/srtp/srtp_keys.h"

namespace remotemedia {

constexpr SrtpProfile kAllProfiles[] = {
    SrtpProfile::kAeadAes128Gcm,
    SrtpProfile::kAeadAes256Gcm,
    SrtpProfile::kAesCm128HmacSha1_80,
};

inline std::string ProfileName(const ::testing::TestParamInfo<SrtpProfile>& info) {
  switch (info.param) {
    case SrtpProfile::kAeadAes128Gcm:
      return "AeadAes128Gcm";
    case SrtpProfile::kAeadAes256Gcm:
      return "AeadAes256Gcm";
    case SrtpProfile::kAesCm128HmacSha1_80:
      return "AesCm128HmacSha1_80";
  }
  return "Unknown";
}

// Keys that differ in every byte for different seeds.
inline SrtpMasterKey TestKey(uint8_t seed = 1) {
  SrtpMasterKey master;
  uint8_t next = seed;
  for (uint8_t& byte : master.key) byte = next = static_cast<uint8_t>(next * 5 + seed);
  for (uint8_t& byte : master.salt) byte = next = static_cast<uint8_t>(next * 5 + seed);
  return master;
}

// An RTP header with one CSRC and a one-byte header extension.
inline std::vector<uint8_t> RtpHeader(uint32_t ssrc, uint64_t packet_index) {
  std::vector<uint8_t> header(24);
  ByteWriter writer(header);
  writer.U8(0x91);
  writer.U8(96);
  writer.U16(static_cast<uint16_t>(packet_index));
  writer.U32(90'000);
  writer.U32(ssrc);
  writer.U32(0x0c5c'0001);
  writer.U32(0xbede'0001);
  writer.U32(0x1001'0000);
  return header;
}

// A receiver report with nothing to report.
inline std::vector<uint8_t> ReceiverReport(uint32_t ssrc) {
  std::vector<uint8_t> report(8);
  ByteWriter writer(report);
  writer.U32(0x80c9'0001);
  writer.U32(ssrc);
  return report;
}

}  // namespace remotemedia
