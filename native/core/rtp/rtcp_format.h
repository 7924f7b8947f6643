// Numbers of the RTCP wire format that reader and writer share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace remotemedia::rtcp {

constexpr uint8_t kVersion = 2;
constexpr size_t kHeaderSize = 4;

// Packet types.
constexpr uint8_t kSenderReport = 200;
constexpr uint8_t kReceiverReport = 201;
constexpr uint8_t kSourceDescription = 202;
constexpr uint8_t kGoodbye = 203;
constexpr uint8_t kTransportLayerFeedback = 205;   // RTPFB
constexpr uint8_t kPayloadSpecificFeedback = 206;  // PSFB
constexpr uint8_t kExtendedReport = 207;

// Formats of transport layer feedback.
constexpr uint8_t kGenericNack = 1;
constexpr uint8_t kTransportWideFeedback = 15;

// Formats of payload-specific feedback.
constexpr uint8_t kPictureLossIndication = 1;
constexpr uint8_t kFullIntraRequest = 4;
constexpr uint8_t kApplicationLayer = 15;
constexpr uint32_t kRembIdentifier = 0x52454D42;  // "REMB"

constexpr uint8_t kCnameItem = 1;                   // of an SDES chunk
constexpr uint8_t kReceiverReferenceTimeBlock = 4;  // of an extended report

}  // namespace remotemedia::rtcp
