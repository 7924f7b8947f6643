// The RTCP packets we know, as views of the bytes they were read from (see rtcp_reader.h).
//
// RFC 3550 section 6, RFC 4585, RFC 5104, RFC 3611, draft-alvestrand-rmcat-remb.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "core/rtp/ntp_time.h"
#include "core/rtp/transport_feedback.h"

namespace remotemedia::rtcp {

// Records of a fixed size in network order, decoded one by one while iterating.
template <typename T, size_t kRecordSize, T (*kRead)(std::span<const uint8_t, kRecordSize>)>
class WireList {
 public:
  class Iterator {
   public:
    Iterator(const WireList* list, size_t index) : list_(list), index_(index) {}
    T operator*() const { return (*list_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const WireList* list_;
    size_t index_;
  };

  WireList() = default;
  // Bytes left over behind the last whole record are ignored.
  explicit WireList(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  size_t size() const { return bytes_.size() / kRecordSize; }
  bool empty() const { return size() == 0; }
  T operator[](size_t index) const {
    return kRead(bytes_.subspan(index * kRecordSize).template first<kRecordSize>());
  }
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  std::span<const uint8_t> bytes_;
};

uint32_t ReadSsrc(std::span<const uint8_t, 4> bytes);
using SsrcList = WireList<uint32_t, 4, ReadSsrc>;

// RFC 3550 section 6.4.1.
struct ReportBlock {
  static constexpr size_t kSize = 24;

  uint32_t ssrc = 0;
  uint8_t fraction_lost = 0;    // since the previous report, in 1/256
  int32_t cumulative_lost = 0;  // 24 bits, signed: duplicates make it negative
  uint32_t extended_highest_sequence_number = 0;
  uint32_t jitter = 0;               // RTP timestamp units
  uint32_t last_sr = 0;              // compact NTP, 0 before the first sender report
  uint32_t delay_since_last_sr = 0;  // 1/65536 s

  friend bool operator==(const ReportBlock&, const ReportBlock&) = default;
};
ReportBlock ReadReportBlock(std::span<const uint8_t, ReportBlock::kSize> bytes);
using ReportBlocks = WireList<ReportBlock, ReportBlock::kSize, ReadReportBlock>;

struct SenderInfo {
  NtpTime ntp;
  uint32_t rtp_timestamp = 0;
  uint32_t packet_count = 0;
  uint32_t octet_count = 0;  // payload bytes

  friend bool operator==(const SenderInfo&, const SenderInfo&) = default;
};

struct SenderReport {
  uint32_t sender_ssrc = 0;
  SenderInfo info;
  ReportBlocks report_blocks;
};

struct ReceiverReport {
  uint32_t sender_ssrc = 0;
  ReportBlocks report_blocks;
};

// One per chunk of an SDES packet that has a CNAME; other items are skipped.
struct SdesCname {
  uint32_t ssrc = 0;
  std::string_view cname;
};

struct Bye {
  SsrcList ssrcs;
};

// RFC 4585 section 6.2.1: a sequence number, and a bit for each of the 16 that follow it.
struct NackItem {
  static constexpr size_t kSize = 4;

  uint16_t packet_id = 0;
  uint16_t lost_bitmask = 0;
};
NackItem ReadNackItem(std::span<const uint8_t, NackItem::kSize> bytes);
using NackItems = WireList<NackItem, NackItem::kSize, ReadNackItem>;

struct Nack {
  uint32_t sender_ssrc = 0;
  uint32_t media_ssrc = 0;
  NackItems items;

  // Calls f(uint16_t) for each sequence number asked for.
  template <typename F>
  void ForEachSequenceNumber(F&& f) const {
    for (const NackItem item : items) {
      f(item.packet_id);
      for (int bit = 0; bit < 16; ++bit) {
        if (item.lost_bitmask >> bit & 1) f(static_cast<uint16_t>(item.packet_id + bit + 1));
      }
    }
  }
};

struct Pli {
  uint32_t sender_ssrc = 0;
  uint32_t media_ssrc = 0;
};

// RFC 5104 section 4.3.1. The number tells a new request from a repeated one.
struct FirEntry {
  static constexpr size_t kSize = 8;

  uint32_t ssrc = 0;
  uint8_t sequence_number = 0;

  friend bool operator==(const FirEntry&, const FirEntry&) = default;
};
FirEntry ReadFirEntry(std::span<const uint8_t, FirEntry::kSize> bytes);
using FirEntries = WireList<FirEntry, FirEntry::kSize, ReadFirEntry>;

struct Fir {
  uint32_t sender_ssrc = 0;
  FirEntries entries;
};

struct Remb {
  uint32_t sender_ssrc = 0;
  uint64_t bitrate_bps = 0;
  SsrcList ssrcs;
};

// RFC 3611. Of its blocks only the receiver's reference time (section 4.4) is read.
struct ExtendedReport {
  uint32_t sender_ssrc = 0;
  std::optional<NtpTime> receiver_reference_time;
};

using Packet = std::variant<SenderReport, ReceiverReport, SdesCname, Bye, Nack, Pli, Fir, Remb,
                            TransportFeedback, ExtendedReport>;

}  // namespace remotemedia::rtcp
